package dev.shiplog.agent.simulated;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a simulated container behaves. Each trait is an annotation of its pod, {@code
 * simulated.shiplog.dev/TRAIT}, or {@code simulated.shiplog.dev/TRAIT.CONTAINER} for one container
 * alone. Durations are a number with a unit: {@code 500ms}, {@code 2s}, {@code 5m}, {@code 1h}.
 * What cannot be understood is as if it were not there.
 *
 * @param startDelay {@code start-delay}: how long it takes to start
 * @param runTime {@code run-time}: after this long it ends by itself; empty: never
 * @param exitCode {@code exit-code}: with which it then ends
 * @param stopDelay {@code stop-delay}: how long it goes on after it was told to stop
 * @param readyAfter {@code ready-after}: from when on it is ready; empty: as soon as it runs
 * @param liveFor {@code live-for}: how long its liveness probes succeed; empty: always
 * @param logLines {@code log-lines}: what it writes when it starts, one line each
 */
public record Behaviour(
    Duration startDelay,
    Optional<Duration> runTime,
    int exitCode,
    Duration stopDelay,
    Optional<Duration> readyAfter,
    Optional<Duration> liveFor,
    List<String> logLines) {

  public static final String PREFIX = "simulated.shiplog.dev/";

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  static Behaviour of(Map<String, String> annotations, String container) {
    Traits traits = new Traits(annotations, container);
    return new Behaviour(
        traits.duration("start-delay").orElse(Duration.ZERO),
        traits.duration("run-time"),
        traits.number("exit-code").orElse(0),
        traits.duration("stop-delay").orElse(Duration.ZERO),
        traits.duration("ready-after"),
        traits.duration("live-for"),
        traits.text("log-lines").map(text -> text.lines().toList()).orElse(List.of()));
  }

  private record Traits(Map<String, String> annotations, String container) {

    Optional<String> text(String trait) {
      String ofPod = annotations.get(PREFIX + trait);
      return Optional.ofNullable(annotations.getOrDefault(PREFIX + trait + "." + container, ofPod));
    }

    Optional<Duration> duration(String trait) {
      return text(trait).map(DURATION::matcher).filter(Matcher::matches).map(Traits::parsed);
    }

    Optional<Integer> number(String trait) {
      return text(trait).filter(text -> text.matches("\\d{1,3}")).map(Integer::valueOf);
    }

    private static Duration parsed(Matcher matcher) {
      long amount = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        default -> Duration.ofHours(amount);
      };
    }
  }
}
