/** Names as Azure ML generates them: `maroon_boot_jb0dh2jnb6`, an adjective, a noun and ten letters or digits. */
import { randomInt } from 'node:crypto';

const adjectives =
  'amber bold brave bright bubbly busy calm careful clever coral cool crimson dreamy eager elated epic frank frosty gentle gifted good green happy hungry icy ivory jolly joyful keen kind lemon lime loving lucid magenta maroon mighty mango modest musing neat nice olden olive orange patient placid plucky polite proud purple quiet quirky red salmon sharp silver sincere sleepy stoic strong sweet tender tidy tough upbeat witty yellow zen';
const nouns =
  'actor airport ant apple arch atemoya bag basil beach bean bell bird boat bone boot box brain bread brush cabbage camera candle carnival carpet cartoon cat chain cherry clock cloud coconut collar corn cup curtain date deer dog drawer drum ear energy engine evening eye feather fig flag floor flower fork fox frog garden ghost glass gold grape guava hair hat heart honey insect iron island jackal jelly juice kettle king kite kitchen knee leaf lemon library lime lizard lobster market match melon milk monkey moon morning mountain neck needle net nose nut ocean office oil onion oxygen parrot pasta peach pear pen picture plum pocket potato queen quince rain receipt rhythm rice river room rose sail school shampoo shelf shoe snake soccer spade spoon square stamp star steelpan stomach street sugar sun table tail thread ticket tongue tree truck tiger tomato turnip vase vulture wall watch whale wheel wolf yacht yam yak zebra';
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** Keys are told apart from names by their capitals too, as Azure's are. */
const keyLetters = `${letters}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;

/** A fresh job name. */
export function generateName(): string {
  return `${pick(adjectives.split(' '))}_${pick(nouns.split(' '))}_${randomText(10, letters)}`;
}

/** A fresh endpoint key: 32 letters and digits, 190 bits from the operating system's random source. */
export function generateKey(): string {
  return randomText(32, keyLetters);
}

function pick(words: readonly string[]): string {
  return words[randomInt(words.length)] as string;
}

function randomText(length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
