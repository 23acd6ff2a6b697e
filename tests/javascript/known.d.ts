// What the scripts of the pages hand to each other, for the checker of types alone.

interface Window {
  /** What words.*.js brings: the text in the reader's language by its Chinese. */
  translations?: Record<string, string>;
}

type Values = Record<string, string | number>;

/** What somebody writes or chooses in. */
type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
type Choice = HTMLInputElement & { type: "checkbox" | "radio" };

/** A photo as it is kept on a phone. */
interface KeptPhoto {
  blob: Blob;
  name: string;
  /** Set for one that is small already. */
  id?: string;
  /** By what the server knows it. */
  key?: string;
}

/** A photo in the list of its field. */
interface Photo extends KeptPhoto {
  row: HTMLLIElement;
  words: HTMLSpanElement;
  say(text: string, isWrong?: boolean): void;
  /** It was taken by the server during this visit. */
  isThere?: boolean;
}

/** A field for photos once photos.js has made it live. */
interface PhotoField extends HTMLElement {
  chosen: Photo[];
  isWorking?: boolean;
  /** Done with the last piece of work. */
  working?: Promise<void>;
  work(begin: () => Promise<unknown>): Promise<void>;
  show(photo: Photo): Promise<void>;
  withVoice(photo: KeptPhoto): Photo;
  /** Puts what was chosen into the form; not where a browser cannot. */
  fill?(): void;
  /** Does that as the form is sent, once all are ready. */
  send?(event: SubmitEvent): void;
}

/** The form of a resident's report as it is kept on the phone. */
interface DraftOfReport {
  saved_at: number;
  form_key: string;
  fields: Record<string, string | boolean>;
  /** What people call the chosen estate; empty for none. */
  estate?: string;
  waiting: boolean;
  sent: boolean;
}

/** A ticket that this phone was told to remember; milliseconds of the device. */
interface RememberedTicket {
  number: string;
  ticket: string;
  at: number;
}

/** A move that is being written. */
interface DraftOfMove {
  saved_at: number;
  owner?: string;
  /** Name, choice, and what stands in it. */
  values: [string, string, string | boolean][];
  posted: boolean;
  /** What chosen.js keeps its photos under; empty without any. */
  photos?: string;
}

/** The photos that were chosen in a form, and for what: its path and own key. */
interface ChosenPhotos {
  id: string;
  /** Milliseconds of the device, after which they are erased. */
  until: number;
  path: string;
  key: string;
  /** `of` is the name of the field that they were chosen in. */
  photos: { of: string; name: string; blob: Blob }[];
}

/** What was written in a form and not sent, of one tab. */
interface TypedForm {
  sent: boolean;
  /** What chosen.js keeps its photos under; empty without any. */
  photos?: string;
  /** Name, choice, what the page came with, and what stands in it. */
  values: [string, string, string | boolean, string | boolean][];
}

/** What staff write down for a resident (kept.js); times in milliseconds of the device. */
interface StaffReport {
  form_key: string;
  owner?: string;
  saved_at: number;
  /** When it was first handed in; 0 while it is being written. */
  written_at: number;
  fields: [string, string][];
  photos: { name: string; blob: Blob }[];
  state: "draft" | "waiting" | "refused" | "sent";
  tried: boolean;
  posted: boolean;
  number?: string;
  wrong?: string;
}

/** Whose phone it is right now. */
interface Reader {
  owner?: string;
  community?: string;
  opines?: boolean;
}

/** Asks the one table of a database, in one transaction. */
type Table = <T>(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<T> | undefined,
) => Promise<T | undefined>;

/** The pages are HTML alone: what a script asks them for is no drawing. */
interface ParentNode {
  querySelector<K extends keyof HTMLElementTagNameMap>(selectors: K): HTMLElementTagNameMap[K] | null;
  querySelector(selectors: string): HTMLElement | null;
  querySelectorAll<K extends keyof HTMLElementTagNameMap>(selectors: K): NodeListOf<HTMLElementTagNameMap[K]>;
  querySelectorAll(selectors: string): NodeListOf<HTMLElement>;
}

interface Navigator {
  /** Chromium's alone. */
  connection?: { onchange: (() => void) | null };
}

/** A way through one gate: the gate's place, whole minutes, what they rest on, steps, rank. */
type Way = [number, number, string, number, number];

/** What near/<estate>.json holds: when each gate is open, in minutes of the day, and the ways. */
interface Walks {
  gates: number[][][];
  ways: Record<string, Way[]> | null;
}
