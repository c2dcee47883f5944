package dev.shiplog.agent.simulated;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * How a simulated container behaves, drawn for it once and for all: what differs from container to
 * container depends on its id alone. Each trait is an annotation of its pod, {@code
 * simulated.shiplog.dev/TRAIT}, or {@code simulated.shiplog.dev/TRAIT.CONTAINER} for one container
 * alone, or is said by a {@link Stage}; the annotation counts more.
 *
 * @param startDelay how long it takes to start
 * @param startFailure why it does not; empty: it does
 * @param runTime after this long it ends by itself; empty: never
 * @param exitCode with which it then ends
 * @param exitReason empty for the usual one
 * @param stopDelay how long it goes on after it was told to stop
 * @param readyAfter from when on its startup and readiness probes succeed
 * @param readyFor how long its readiness probes succeed; empty: always
 * @param liveFor how long its liveness probes succeed; empty: always
 * @param logLines what it writes when it starts, one line each
 */
record Behaviour(
    Duration startDelay,
    Optional<String> startFailure,
    Optional<Duration> runTime,
    int exitCode,
    Optional<String> exitReason,
    Duration stopDelay,
    Duration readyAfter,
    Optional<Duration> readyFor,
    Optional<Duration> liveFor,
    List<String> logLines) {

  static final String PREFIX = "simulated.shiplog.dev/";

  /** Of what a pod and the stages say of one container. */
  static Behaviour of(Traits traits) {
    return new Behaviour(
        traits.delay(Trait.START_DELAY).orElse(Duration.ZERO),
        traits.text(Trait.START_FAILURE),
        traits.delay(Trait.RUN_TIME),
        traits.text(Trait.EXIT_CODE).map(Integer::valueOf).orElse(0),
        traits.text(Trait.EXIT_REASON),
        traits.delay(Trait.STOP_DELAY).orElse(Duration.ZERO),
        traits.delay(Trait.READY_AFTER).orElse(Duration.ZERO),
        traits.delay(Trait.READY_FOR),
        traits.delay(Trait.LIVE_FOR),
        traits.text(Trait.LOG_LINES).map(text -> text.lines().toList()).orElse(List.of()));
  }

  /** What is said of a container, each of which was checked. */
  record Traits(Map<Trait, String> said, long dice) {

    /**
     * Of a pod's annotations, and what a stage says where they are silent.
     *
     * @throws IllegalArgumentException if an annotation is none that can be understood
     */
    static Traits of(
        Map<String, String> annotations, String container, Map<Trait, String> stage, long dice) {
      Map<Trait, String> said = new EnumMap<>(Trait.class);
      said.putAll(stage);
      annotations.forEach((key, value) -> {
        if (key.startsWith(PREFIX) && key.indexOf('.', PREFIX.length()) < 0) {
          put(said, key, key.substring(PREFIX.length()), value);
        }
      });
      String ending = "." + container;
      annotations.forEach((key, value) -> {
        if (key.startsWith(PREFIX) && key.endsWith(ending)) {
          put(said, key, key.substring(PREFIX.length(), key.length() - ending.length()), value);
        }
      });
      return new Traits(said, dice);
    }

    private static void put(Map<Trait, String> said, String key, String name, String value) {
      Trait trait =
          Trait.named(name)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "annotation " + key + " is none of " + Trait.names() + ", cpu, memory"));
      try {
        trait.check(value);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("annotation " + key + ": " + e.getMessage(), e);
      }
      said.put(trait, value);
    }

    Optional<String> text(Trait trait) {
      return Optional.ofNullable(said.get(trait));
    }

    /** The traits of one container do not follow each other. */
    private static long mixed(long dice, Trait trait) {
      return new SplittableRandom(dice + trait.text().hashCode()).nextLong();
    }

    Optional<Duration> delay(Trait trait) {
      return text(trait).map(Delay::parse).map(delay -> delay.choose(mixed(dice, trait)));
    }
  }
}
