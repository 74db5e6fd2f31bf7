import { type ReactNode, useId } from "react";
import css from "./section.module.css";

interface Properties {
  title: string;
  /** One sentence under the title. */
  about?: ReactNode;
  /** What can be done to what stands here. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A part of a page that has a title of its own. */
export function Section({ title, about, actions, children }: Properties) {
  const id = useId();
  return (
    <section className={css.section} aria-labelledby={id}>
      <div className={css.head}>
        <h2 id={id}>{title}</h2>
        {actions}
      </div>
      {about && <p className={css.about}>{about}</p>}
      {children}
    </section>
  );
}
