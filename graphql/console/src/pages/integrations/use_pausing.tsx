import { Trans } from "@lingui/react/macro";
import { useCommand } from "../../api/use_command";
import { useReversible } from "../../components/harm";
import { PauseMutation, ResumeMutation } from "./documents";

/** Pause and resume: done at once, with the way back in the page. */
export function usePausing(onDone: () => void) {
  const act = useReversible();
  const pausing = useCommand(PauseMutation);
  const resuming = useCommand(ResumeMutation);
  const run = async (command: typeof pausing | typeof resuming, id: string) => {
    const done = await command.run({ input: { installationId: id } });
    onDone();
    return done;
  };
  return {
    commands: [pausing, resuming],
    pause: ({ id, name }: { id: string; name: string }) =>
      act(
        () => run(pausing, id),
        <Trans>
          <bdi>{name}</bdi> is paused: nothing new is sent. What it holds stays there.
        </Trans>,
        () => run(resuming, id),
      ),
    resume: ({ id, name }: { id: string; name: string }) =>
      act(
        () => run(resuming, id),
        <Trans>
          <bdi>{name}</bdi> goes on: what is allowed is sent again.
        </Trans>,
        () => run(pausing, id),
      ),
  };
}
