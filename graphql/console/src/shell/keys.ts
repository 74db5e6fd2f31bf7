/** Keys without a modifier: each is known by what it does, can be read in the help, and all can be turned off. */

import type { MessageDescriptor } from "@lingui/core";
import { useLayoutEffect, useRef } from "react";

export interface Key {
  /** One key, or two pressed one after the other: “g m”. */
  keys: string;
  label: MessageDescriptor;
  act: () => void;
}

const KEY = "wardship.keys";
const OFF = "off";
const SEQUENCE_MS = 1_500;
const SHORTCUT = new Set(["Control", "Shift", "Alt", "Meta"]);

const known = new Set<{ current: Key }>();
let first = { key: "", at: 0 };

export function areKeysOn(): boolean {
  return localStorage.getItem(KEY) !== OFF;
}

export function turnKeys(isOn: boolean): void {
  if (isOn) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, OFF);
}

/** All keys that do something on this page, in the order in which they were declared. */
export function knownKeys(): Key[] {
  return [...known].map(({ current }) => current);
}

/** Let a key do something while a component is there. */
export function useKey(keys: string, label: MessageDescriptor, act: () => void, isOn = true): void {
  const key = useRef<Key>({ keys, label, act });
  key.current = { keys, label, act };
  // Before anything is painted: a key works as soon as one sees what it acts on.
  useLayoutEffect(() => {
    if (!isOn) return;
    known.add(key);
    return () => void known.delete(key);
  }, [isOn]);
}

/** Listen; returns what ends it. */
export function listenToKeys(): () => void {
  document.addEventListener("keydown", pressed);
  return () => document.removeEventListener("keydown", pressed);
}

function pressed(event: KeyboardEvent) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || SHORTCUT.has(event.key)) return;
  if (!areKeysOn() || isTyping(event.target) || document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]')) return;
  const before = event.timeStamp - first.at < SEQUENCE_MS ? `${first.key} ` : "";
  const found = find(before + event.key) ?? find(event.key);
  first = { key: event.key, at: event.timeStamp };
  if (!found) return;
  event.preventDefault();
  found.act();
}

/** The last declared: a page's key stands before the shell's. */
function find(keys: string): Key | undefined {
  return knownKeys().findLast((key) => key.keys === keys);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
}
