import { useParams } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { OutcomeLine } from "../shell/outcomes";
import css from "./page_frame.module.css";

interface Properties {
  /** Names the object. While that is being asked: the page's kind. */
  title: string;
  /** The object's own name in the title: people gave it, in whatever language and direction. */
  name?: string | null | undefined;
  /** What can be done here: one `main` button at most. */
  actions?: ReactNode;
  /** One sentence under the title. */
  about?: ReactNode;
  children: ReactNode;
}

/** A page: its title, also the tab's, what can be done, what was just done, and what it shows. */
export function PageFrame({ title, name, actions, about, children }: Properties) {
  const { organisation } = useParams({ strict: false });
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = [title, organisation, "Wardship"].filter(Boolean).join(" · ");
  }, [title, organisation]);
  useEffect(() => arrive(heading.current), []);
  return (
    <>
      <div className={css.head}>
        <h1 ref={heading} tabIndex={-1}>
          {name ? <WithName title={title} name={name} /> : title}
        </h1>
        {actions && <div className={css.actions}>{actions}</div>}
      </div>
      {about && <p className={css.about}>{about}</p>}
      <OutcomeLine />
      {children}
    </>
  );
}

function WithName({ title, name }: { title: string; name: string }) {
  const [before, ...after] = title.split(name);
  return (
    <>
      {before}
      <bdi>{name}</bdi>
      {after.join(name)}
    </>
  );
}

let hasBegun = false;

/** After a change of page the focus stands at its title, so that who reads by ear hears where he or she is; unless a list has taken it back. */
function arrive(heading: HTMLElement | null) {
  const isOnPage = document.activeElement?.closest("#main") != null;
  if (hasBegun && !isOnPage) heading?.focus({ preventScroll: true });
  hasBegun = true;
}
