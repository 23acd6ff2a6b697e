// Beside the page, so that it stays quick: looks for the number whose SHA-256, behind the salt, is the
// target. By hand, as a page without HTTPS has no crypto.subtle; a text here fits into one block.
{
  /** @type {(number: number) => boolean} */
  const isPrime = (number) => {
    for (let one = 2; one * one <= number; one++) if (number % one === 0) return false;
    return true;
  };
  const primes = [];
  for (let number = 2; primes.length < 64; number++) if (isPrime(number)) primes.push(number);
  /** @type {(root: number) => number} the first 32 bits behind its point */
  const bits = (root) => ((root - Math.floor(root)) * 2 ** 32) | 0;
  const START = primes.slice(0, 8).map((prime) => bits(Math.sqrt(prime)));
  const ROUNDS = primes.map((prime) => bits(Math.cbrt(prime)));
  const words = new Int32Array(64);
  /** @type {(word: number, by: number) => number} */
  const turned = (word, by) => (word >>> by) | (word << (32 - by));

  /** @type {(text: string) => string} of at most 55 letters of ASCII */
  const sha256 = (text) => {
    words.fill(0);
    for (let at = 0; at < text.length; at++) words[at >> 2] |= text.charCodeAt(at) << (24 - (at % 4) * 8);
    words[text.length >> 2] |= 0x80 << (24 - (text.length % 4) * 8);
    words[15] = text.length * 8;
    for (let at = 16; at < 64; at++) {
      const [early, late] = [words[at - 15], words[at - 2]];
      const small = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
      const large = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
      words[at] = words[at - 16] + small + words[at - 7] + large;
    }
    let [a, b, c, d, e, f, g, h] = START;
    for (let at = 0; at < 64; at++) {
      const large = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
      const one = (h + large + ((e & f) ^ (~e & g)) + ROUNDS[at] + words[at]) | 0;
      const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    return [a, b, c, d, e, f, g, h].map((word, at) => ((word + START[at]) >>> 0).toString(16).padStart(8, "0")).join("");
  };

  addEventListener("message", ({ data: { salt, target, most } }) => {
    let number = 0;
    while (number < most && sha256(`${salt}${number}`) !== target) number++;
    postMessage(number);
  });
}
