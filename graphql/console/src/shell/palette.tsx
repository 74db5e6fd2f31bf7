/** Go anywhere: pages, people by name, and what an id stands for. Only what this person may see. */

import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate, useParams, useRouter } from "@tanstack/react-router";
import { type KeyboardEvent, useDeferredValue, useEffect, useState } from "react";
import {
  Autocomplete,
  Dialog,
  Header,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  TextField,
  useFilter,
} from "react-aria-components";
import { useQuery } from "urql";
import dialog from "../components/dialog.module.css";
import menu from "../components/menu.module.css";
import { PaletteNodeQuery, PalettePeopleQuery } from "./documents";
import { knownKeys } from "./keys";
import { addressOf, pagesOf, useReachable, useSlug } from "./pages";
import { takeTyped } from "./palette_key";
import css from "./palette.module.css";
import { useSettled } from "./settled";
import { seesMembers, useViewer } from "./viewer";

const ID = /^[A-Za-z0-9_=:+/-]{16,}$/;

interface Found {
  id: string;
  name: string;
  go: () => void;
}

export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  useEffect(() => {
    const before = takeTyped();
    if (before) setText(before);
  }, []);
  const { contains } = useFilter({ sensitivity: "base" });
  const pages = usePages().filter(({ name }) => contains(name, text));
  const acts = useActs().filter(({ name }) => contains(name, text));
  const people = usePeople(text);
  const object = useObject(text);
  const sections = [
    { title: t`Pages`, found: pages },
    { title: t`On this page`, found: acts },
    { title: t`People`, found: people },
    { title: t`By its id`, found: object },
  ].filter(({ found }) => found.length > 0);
  // Who typed before the palette was there, or faster than names were found, means the first.
  const goToFirst = (event: KeyboardEvent) => {
    const [first] = sections.flatMap(({ found }) => found);
    if (event.key !== "Enter" || !first || event.currentTarget.getAttribute("aria-activedescendant")) return;
    onClose();
    first.go();
  };
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(isOpen) => !isOpen && onClose()} className={dialog.overlay!}>
      <Modal className={css.palette!}>
        <Dialog aria-label={t`Search or go to`} className={css.dialog!}>
          <Autocomplete inputValue={text} onInputChange={setText}>
            <TextField aria-label={t`A page, a person's name, or an id`} autoFocus className={css.field!} onKeyDown={goToFirst}>
              <Input placeholder={t`A page, a person's name, or an id`} />
            </TextField>
            <Menu className={css.found!} aria-label={t`Found`} renderEmptyState={() => <Nothing />}>
              {sections.map(({ title, found }) => (
                <MenuSection key={title} id={title}>
                  <Header className={menu.header!}>{title}</Header>
                  {found.map(({ id, name, go }) => (
                    <MenuItem
                      key={id}
                      id={id}
                      textValue={name}
                      className={menu.item!}
                      onAction={() => {
                        onClose();
                        go();
                      }}
                    >
                      <bdi>{name}</bdi>
                    </MenuItem>
                  ))}
                </MenuSection>
              ))}
            </Menu>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Nothing() {
  return (
    <p className={css.nothing}>
      <Trans>Nothing by this name. Type the beginning of a name, or paste an id.</Trans>
    </p>
  );
}

function usePages(): Found[] {
  const { i18n } = useLingui();
  const navigate = useNavigate();
  const organisation = useSlug();
  return useReachable(useViewer()).map((page) => ({
    id: page.id,
    name: i18n._(page.options.staticData!.title!),
    go: () => void navigate({ to: addressOf(page, organisation) }),
  }));
}

/** What can be done on the present page: whatever has a key there, besides going elsewhere. */
function useActs(): Found[] {
  const { i18n } = useLingui();
  const [keys] = useState(() => knownKeys().filter(({ keys: pressed }) => !pressed.includes(" ") && /^[a-z]$/.test(pressed) && !"jkxo".includes(pressed)));
  return keys.map(({ keys: pressed, label, act }) => ({ id: `key-${pressed}`, name: i18n._(label), go: act }));
}

function usePeople(text: string): Found[] {
  const navigate = useNavigate();
  const { organisation } = useParams({ strict: false });
  const name = useSettled(useDeferredValue(text.trim()));
  const viewer = useViewer();
  const isWanted = viewer !== undefined && seesMembers(viewer) && organisation !== undefined && name.length > 1;
  const [{ data }] = useQuery({ query: PalettePeopleQuery, variables: { text: name }, pause: !isWanted });
  if (!isWanted) return [];
  return (data?.members.edges ?? []).map(({ node }) => ({
    id: node.id,
    name: node.displayName ?? "",
    go: () => void navigate({ href: `/o/${organisation}/members/${encodeURIComponent(node.id)}` }),
  }));
}

function useObject(text: string): Found[] {
  const { i18n } = useLingui();
  const router = useRouter();
  const navigate = useNavigate();
  const { organisation } = useParams({ strict: false });
  const id = useSettled(text.trim());
  const isWanted = ID.test(id);
  const [{ data }] = useQuery({ query: PaletteNodeQuery, variables: { id }, pause: !isWanted });
  const node = isWanted ? data?.node : null;
  const page = node && pagesOf(router).find((one) => one.options.staticData?.shows === node.__typename);
  if (!node || !page) return [];
  const title = page.options.staticData?.title;
  return [{ id: node.id, name: title ? i18n._(title) : node.__typename, go: () => void navigate({ href: addressOf(page, organisation, node.id) }) }];
}
