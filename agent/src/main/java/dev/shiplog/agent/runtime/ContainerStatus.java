package dev.shiplog.agent.runtime;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/**
 * A container as it is.
 *
 * @param id the runtime's, without scheme
 * @param sandboxId the sandbox it lies in
 * @param pod whose it is
 * @param name from its spec
 * @param attempt from its spec
 * @param state created, running, exited or unknown
 * @param image from its spec: as the user named it
 * @param imageReference {@link ImageInfo#reference} of what it runs
 * @param createdAt when it was made
 * @param logPath absolute
 * @param labels from its spec
 * @param annotations from its spec
 */
public record ContainerStatus(
    String id,
    String sandboxId,
    PodIdentity pod,
    String name,
    int attempt,
    State state,
    String image,
    String imageReference,
    Instant createdAt,
    Path logPath,
    Map<String, String> labels,
    Map<String, String> annotations) {

  public ContainerStatus {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** What a container is doing. */
  public sealed interface State {}

  /** Made, never started. */
  public record Created() implements State {}

  /** Running since then. */
  public record Running(Instant startedAt) implements State {}

  /**
   * Ended, or never came to run.
   *
   * @param exitCode of its process; 128 + signal number where a signal ended it
   * @param signal number of the signal, or 0
   * @param reason {@code Completed}, {@code Error}, {@code OOMKilled}, {@code StartError} …
   * @param message the runtime's words, or empty
   * @param startedAt null if it never ran
   */
  public record Exited(
      int exitCode,
      int signal,
      String reason,
      String message,
      Instant startedAt,
      Instant finishedAt)
      implements State {}

  /** The runtime lost track of it; to be stopped and removed like one that runs. */
  public record Unknown() implements State {}
}
