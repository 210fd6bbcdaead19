/**
 * A certificate authority of this home folder's own, and the certificate it signs for this machine's loopback names.
 *
 * Azure's clients speak to nothing but TLS, and trust what `REQUESTS_CA_BUNDLE` or `NODE_EXTRA_CA_CERTS` names: the
 * authority's certificate. Its key never leaves the folder, and it signs for no other names than these.
 */
import { webcrypto } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
// What x509 stands on (tsyringe) asks for it before itself.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

export type Authority = {
  /** Path of the authority's certificate, what clients are told to trust. */
  readonly caFile: string;
  readonly caPem: string;
  /** Paths of the certificate and its key, for another process of ours that listens. */
  readonly certFile: string;
  readonly keyFile: string;
  /** PEM, for the listening socket. */
  readonly key: string;
  readonly cert: string;
};

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;
const authorityDays = 3650;
/** Browsers and macOS refuse server certificates that are valid longer. */
const serverDays = 397;
const renewDays = 30;
const names = ['localhost', '*.blob.storage.malachite'];
const addresses = ['127.0.0.1', '::1'];

/** The authority in a folder and a valid certificate of it; both are made when they are not there, the second renewed in time. */
export async function openAuthority(folder: string, now = new Date()): Promise<Authority> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const caFile = join(folder, 'ca.pem');
  const files = { ca: caFile, caKey: join(folder, 'ca.key'), cert: join(folder, 'server.pem'), key: join(folder, 'server.key') };
  const kept = await readPem(files);
  const paths = { caFile, certFile: files.cert, keyFile: files.key };
  if (kept && isValid(kept.ca, now) && isValid(kept.cert, now))
    return { ...paths, caPem: kept.ca, key: kept.key, cert: kept.cert };

  const ca = kept && isValid(kept.ca, now) ? await importAuthority(kept) : await newAuthority(now);
  const server = await newServerCertificate(ca, now);
  const pem = {
    ca: ca.certificate.toString('pem'),
    caKey: await toPem(ca.keys.privateKey),
    cert: server.certificate.toString('pem'),
    key: await toPem(server.keys.privateKey),
  };
  // The authority first: a crash between leaves one that signs anew at the next start.
  await writeSecret(files.caKey, pem.caKey);
  await writeWhole(files.ca, pem.ca);
  await writeSecret(files.key, pem.key);
  await writeWhole(files.cert, pem.cert);
  return { ...paths, caPem: pem.ca, key: pem.key, cert: pem.cert };
}

type Keys = { readonly privateKey: CryptoKey; readonly publicKey: CryptoKey };
type Signed = { readonly certificate: x509.X509Certificate; readonly keys: Keys };
type CryptoKey = webcrypto.CryptoKey;

async function newAuthority(now: Date): Promise<Signed> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Malachite local authority, O=Malachite',
    serialNumber: serialNumber(),
    notBefore: new Date(now.getTime() - dayMs),
    notAfter: new Date(now.getTime() + authorityDays * dayMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false),
    ],
  });
  return { certificate, keys };
}

async function newServerCertificate(ca: Signed, now: Date): Promise<Signed> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: 'CN=localhost, O=Malachite',
    issuer: ca.certificate.subject,
    serialNumber: serialNumber(),
    notBefore: new Date(now.getTime() - dayMs),
    notAfter: new Date(now.getTime() + serverDays * dayMs),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: ca.keys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...names.map((value) => ({ type: 'dns' as const, value })),
        ...addresses.map((value) => ({ type: 'ip' as const, value })),
      ]),
      // Python 3.13 and newer ask for both identifiers (VERIFY_X509_STRICT).
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false),
      await x509.AuthorityKeyIdentifierExtension.create(ca.keys.publicKey, false),
    ],
  });
  return { certificate, keys };
}

const newKeys = (): Promise<Keys> => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<Keys>;

function serialNumber(): string {
  const bytes = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)));
  bytes[0] = ((bytes[0] as number) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

function isValid(pem: string, now: Date): boolean {
  const { notBefore, notAfter } = new x509.X509Certificate(pem);
  return notBefore <= now && now.getTime() + renewDays * dayMs < notAfter.getTime();
}

async function importAuthority(kept: { readonly ca: string; readonly caKey: string }): Promise<Signed> {
  const certificate = new x509.X509Certificate(kept.ca);
  const pkcs8 = x509.PemConverter.decodeFirst(kept.caKey);
  return {
    certificate,
    keys: {
      privateKey: await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']),
      publicKey: (await certificate.publicKey.export(algorithm, ['verify'])) as CryptoKey,
    },
  };
}

async function toPem(privateKey: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY');
}

/** The texts of several files, or undefined when one is not there. */
async function readPem<K extends string>(files: Readonly<Record<K, string>>): Promise<Record<K, string> | undefined> {
  try {
    const texts = Object.entries<string>(files).map(async ([name, file]) => [name, await readFile(file, 'utf8')] as const);
    return Object.fromEntries(await Promise.all(texts)) as Record<K, string>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeSecret(file: string, text: string): Promise<void> {
  await writeWhole(file, text);
  await chmod(file, 0o600);
}

async function writeWhole(file: string, text: string): Promise<void> {
  const half = `${file}.half`;
  await writeFile(half, text, { mode: 0o600 });
  await rename(half, file);
}
