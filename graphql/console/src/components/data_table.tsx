/** A list that the server sorts and pages: rows that lead to their page, and a selection for what is done to many at once. */

import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { ArrowDown, ArrowUp, Check, Minus } from "lucide-react";
import { memo, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { rememberRows } from "../shell/neighbours";
import { noteFocus, restoreFocus } from "../shell/returning";
import css from "./data_table.module.css";
import fields from "./fields.module.css";
import { clickRow, type Grid, idOf, keepOneStop, pressKey, toggled } from "./grid_keys";

export interface Column<Row> {
  id: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** It names the row: exactly one column does. */
  isRowHeader?: boolean;
  /** The order that the server knows by this name. */
  order?: string;
  /** Left out on narrow pages only where the row's own page says it. */
  isSecondary?: boolean;
}

export interface Sorting {
  order: string;
  isDescending?: boolean;
}

interface Properties<Row extends { id: string }> {
  /** What the list is of. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** The row's page, below `/console`. */
  addressOf?: (row: Row) => string;
  /** How a row is called in the label of its tick: the name. */
  nameOf: (row: Row) => string;
  sorting?: Sorting;
  onSort?: (sorting: Sorting) => void;
  selected?: ReadonlySet<string>;
  onSelect?: (ids: ReadonlySet<string>) => void;
  /** A row that an act failed for, with the reason: it stays selected. */
  reasonOf?: (row: Row) => ReactNode;
}

const NONE: ReadonlySet<string> = new Set();

export function DataTable<Row extends { id: string }>(properties: Properties<Row>) {
  const { label, columns, rows, addressOf, nameOf, sorting, onSort, selected = NONE, onSelect, reasonOf } = properties;
  const list = useRef<HTMLTableElement>(null);
  const navigate = useNavigate();
  const [active, setActive] = useState<string>();
  const stop = rows.some(({ id }) => id === active) ? active : rows[0]?.id;
  useEffect(() => {
    if (addressOf) rememberRows(rows.map(addressOf));
  }, [rows, addressOf]);
  useEffect(() => restoreFocus(list.current), []);
  useLayoutEffect(() => keepOneStop(list.current, stop));
  const open = (id: string, isApart: boolean) => {
    const row = rows.find((one) => one.id === id);
    const href = row && addressOf?.(row);
    if (href && isApart) window.open(`/console${href}`, "_blank", "noopener");
    else if (href) void navigate({ href });
  };
  const grid: Grid = { ids: rows.map(({ id }) => id), selected, onSelect, open };
  return (
    <div className={css.scroll}>
      <table ref={list} role="grid" aria-label={label} aria-multiselectable={onSelect !== undefined || undefined} className={css.table}>
        <thead className={css.head}>
          <tr role="row">
            {onSelect && (
              <th role="columnheader" className={css.tick}>
                <TickOfAll ids={grid.ids} selected={selected} onSelect={onSelect} />
              </th>
            )}
            {columns.map((column) => (
              <Heading key={column.id} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody
          onClick={(event) => clickRow(event, grid)}
          onAuxClick={(event) => event.button === 1 && clickRow(event, grid)}
          onKeyDown={(event) => pressKey(event, grid)}
          onFocus={({ target }) => {
            setActive(idOf(target));
            noteFocus(target);
          }}
          onChange={({ target }) => {
            const id = idOf(target);
            if (id !== undefined && isTick(target)) onSelect?.(toggled(selected, id));
          }}
        >
          {rows.map((row) => (
            <TableRow
              key={row.id}
              row={row}
              columns={columns as readonly Column<never>[]}
              name={nameOf(row)}
              address={addressOf?.(row)}
              isSelected={onSelect && selected.has(row.id)}
              reason={reasonOf?.(row)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadingProperties<Row> {
  column: Column<Row>;
  sorting: Sorting | undefined;
  onSort: ((sorting: Sorting) => void) | undefined;
}

function Heading<Row>({ column: { title, order }, sorting, onSort }: HeadingProperties<Row>) {
  const isSorted = order !== undefined && sorting?.order === order;
  const isDescending = isSorted && sorting.isDescending === true;
  const direction = isSorted ? (isDescending ? "descending" : "ascending") : "none";
  if (order === undefined) return <th role="columnheader" className={css.column}>{title}</th>;
  return (
    <th role="columnheader" aria-sort={direction} className={css.column}>
      <button type="button" className={css.title} onClick={() => onSort?.({ order, isDescending: isSorted && !isDescending })}>
        {title}
        {isSorted && (isDescending ? <ArrowDown aria-hidden /> : <ArrowUp aria-hidden />)}
      </button>
    </th>
  );
}

interface RowProperties {
  row: { id: string };
  columns: readonly Column<never>[];
  name: string;
  address: string | undefined;
  /** Undefined where nothing can be selected. */
  isSelected: boolean | undefined;
  reason: ReactNode;
}

const TableRow = memo(function TableRow({ row, columns, name, address, isSelected, reason }: RowProperties) {
  const { t } = useLingui();
  return (
    <tr role="row" data-key={row.id} data-href={address} aria-selected={isSelected} data-selected={isSelected || undefined} className={css.row}>
      {isSelected !== undefined && (
        <td role="gridcell" className={css.tick}>
          <Tick label={t`Select ${name}`} isSelected={isSelected} />
        </td>
      )}
      {columns.map((column) => (
        <td
          key={column.id}
          role={column.isRowHeader ? "rowheader" : "gridcell"}
          className={css.cell}
          data-title={column.title}
          data-header={column.isRowHeader || undefined}
          data-secondary={column.isSecondary || undefined}
        >
          <span className={css.content}>{column.cell(row as never)}</span>
          {column.isRowHeader && reason && <span className={css.reason}>{reason}</span>}
        </td>
      ))}
    </tr>
  );
});

function Tick({ label, isSelected, isSome = false, onChange }: { label: string; isSelected: boolean; isSome?: boolean; onChange?: () => void }) {
  return (
    <label className={`${fields.tick} ${css.label}`} data-selected={isSelected || undefined} data-indeterminate={isSome || undefined}>
      <input
        ref={(input) => void (input && (input.indeterminate = isSome))}
        type="checkbox"
        data-tick
        className={css.native}
        aria-label={label}
        checked={isSelected}
        onChange={onChange ?? leftToTheRow}
      />
      <span className={fields.box}>{isSome ? <Minus aria-hidden className={css.some} /> : isSelected && <Check aria-hidden />}</span>
    </label>
  );
}

/** One listener for all rows hears it. */
function leftToTheRow() {}

function isTick(target: EventTarget): boolean {
  return target instanceof HTMLInputElement && "tick" in target.dataset;
}

interface AllProperties {
  ids: readonly string[];
  selected: ReadonlySet<string>;
  onSelect: (ids: ReadonlySet<string>) => void;
}

function TickOfAll({ ids, selected, onSelect }: AllProperties) {
  const { t } = useLingui();
  const isAll = ids.length > 0 && ids.every((id) => selected.has(id));
  return <Tick label={t`Select all`} isSelected={isAll} isSome={!isAll && selected.size > 0} onChange={() => onSelect(isAll ? NONE : new Set(ids))} />;
}

/** What can be done to the selected rows: it stands above the list while some are selected. */
export function SelectionBar({ count, onClear, children }: { count: number; onClear: () => void; children: ReactNode }) {
  const { t } = useLingui();
  if (count === 0) return null;
  return (
    <div className={css.selection} role="toolbar" aria-label={t`Selected rows`}>
      <strong>
        <Trans>{count} selected</Trans>
      </strong>
      {children}
      <button type="button" className={css.clear} onClick={onClear}>
        <Trans>Select none</Trans>
      </button>
    </div>
  );
}
