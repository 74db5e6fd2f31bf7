import type { ReactNode } from "react";
import css from "./request.module.css";

interface Properties {
  caption: string;
  heads: readonly string[];
  rows: readonly (readonly ReactNode[])[];
}

/** A small table to read: on narrow pages each row stands by itself. */
export function Facts({ caption, heads, rows }: Properties) {
  return (
    <div className={css.tableBox}>
      <table className={css.table}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            <tr key={row}>
              {cells.map((cell, column) => (
                <td key={column} data-title={heads[column]}>
                  <span>{cell}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
