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
