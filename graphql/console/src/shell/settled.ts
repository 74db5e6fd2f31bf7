import { useEffect, useState } from "react";

const PAUSE_MS = 250;

/** A value once it has stayed the same for a moment: what a person goes on typing is not asked. */
export function useSettled<Value>(value: Value, pause = PAUSE_MS): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pause);
    return () => clearTimeout(timer);
  }, [value, pause]);
  return settled;
}

/**
 * The text of a field that takes effect once it has stayed the same for a moment. The field stays the same one meanwhile, so that
 * who types can go on; it follows when something else changes what is in effect, as Back and “Clear filters” do.
 */
export function useTyped(inEffect: string, onSettled: (text: string) => void, pause = PAUSE_MS): [string, (text: string) => void] {
  const [text, setText] = useState(inEffect);
  const [known, setKnown] = useState(inEffect);
  const [sent, setSent] = useState(inEffect);
  const settled = useSettled(text.trim(), pause);
  if (known !== inEffect) {
    setKnown(inEffect);
    setSent(inEffect);
    if (inEffect !== sent) setText(inEffect);
  }
  useEffect(() => {
    if (settled === inEffect) return;
    setSent(settled);
    onSettled(settled);
    // Only what the person typed counts; the address may say something else by then.
  }, [settled]);
  return [text, setText];
}
