import type { RouteComponent } from "@tanstack/react-router";
import { type ComponentType, use, useContext, useEffect } from "react";
import { ShellAsking } from "../api/shell_asking";
import { loadMessages } from "../language/language";

const nothing = () => {};

/**
 * A page's component, loaded with the strings of its family when somebody comes.
 *
 * The router loads it before it shows it. Were it shown first and then waited for, React would hold it back for a third of a
 * second after what stood in its place, and only then would the page ask for its data.
 *
 * @param family - the folder under `pages`.
 */
export function lazyPage(family: string, load: () => Promise<{ default: ComponentType }>): RouteComponent {
  let there: ComponentType | undefined;
  let coming: Promise<ComponentType> | undefined;
  const come = () => (coming ??= Promise.all([load(), loadMessages(family)]).then(([{ default: Page }]) => (there = Page)));
  /** That it could not be loaded is told by the page's boundary, inside the frame. */
  const preload = () => come().then(nothing, nothing);
  const LazyPage = () => {
    const Page = there ?? use(come());
    return (
      <>
        <Page />
        <Arrived />
      </>
    );
  };
  return Object.assign(LazyPage, { preload });
}

/** Stands after a page: once it is there, the page has said whether it brings the shell's part along. */
export function Arrived() {
  const asking = useContext(ShellAsking);
  useEffect(() => asking.arrive(), [asking]);
  return null;
}
