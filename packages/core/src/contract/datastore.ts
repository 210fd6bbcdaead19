import { collect, equal, ok, refused } from './assertions.ts';
import type { Runner } from './harness.ts';
import { inPieces, keep, type Scene } from './scene.ts';

const sha256OfHello = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';
const sha256OfNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
/** Of "half", which a failed upload has sent. */
const sha256OfHalf = 'a11ae06469c63740d7b0ecf802f282a0d46e94f31a654dfcd3c0dc6dc277f904';

export function datastoreContract({ it }: Runner, scene: Scene): void {
  it('keeps bytes under their sha256 and gives them back', async () => {
    const blob = await keep(scene.workspace, 'hello');
    equal(blob, { sha256: sha256OfHello, sizeBytes: 5 });
    equal(await read(scene, sha256OfHello), 'hello');
  });

  it('gives the same bytes the same address, however they are cut', async () => {
    const bytes = new TextEncoder().encode('hello');
    const { datastore } = scene.workspace;
    equal(await datastore.put(inPieces(bytes, 1)), await datastore.put(inPieces(bytes, 5)));
  });

  it('keeps nothing, too', async () => {
    equal(await keep(scene.workspace, ''), { sha256: sha256OfNothing, sizeBytes: 0 });
    equal(await read(scene, sha256OfNothing), '');
  });

  it('keeps megabytes that come in many pieces', async () => {
    const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
    const { sha256, sizeBytes } = await scene.workspace.datastore.put(inPieces(bytes, 65_521));
    equal(sizeBytes, bytes.length, 'The size');
    let at = 0;
    for await (const chunk of scene.workspace.datastore.get({ sha256 })) {
      for (const byte of chunk) ok(byte === bytes[at++], `Byte ${at - 1} differs.`);
    }
    equal(at, bytes.length, 'The number of bytes that came back');
  });

  it('keeps nothing of an upload whose source fails', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('half');
      throw new Error('the source failed');
    }
    const failed = await scene.workspace.datastore.put(failing()).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    ok(failed instanceof Error && failed.message.includes('the source failed'), `It should fail as its source does: ${failed}`);
    await refused(scene.workspace.datastore.get({ sha256: sha256OfHalf }), 'NotFound');
  });

  it('answers NotFound for an address that nothing is kept under, and InvalidInput for what is no address', async () => {
    const nowhere = '0'.repeat(64);
    await refused(scene.workspace.datastore.get({ sha256: nowhere }), 'NotFound', nowhere);
    await refused(scene.workspace.datastore.get({ sha256: '../../etc/passwd' }), 'InvalidInput');
  });
}

async function read(scene: Scene, sha256: string): Promise<string> {
  const decoder = new TextDecoder();
  const texts = (await collect(scene.workspace.datastore.get({ sha256 }))).map((chunk) =>
    decoder.decode(chunk, { stream: true }),
  );
  return texts.join('') + decoder.decode();
}
