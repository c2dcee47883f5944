package dev.shiplog.streams.kit.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.ResourceTypes;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes Events, as Kubernetes does: the same thing told again counts up the Event there is; many
 * different messages for one reason become one Event; and an object that is talked about too much
 * is not talked about for a while. What was told is remembered for a bounded number of Events.
 */
final class EventRecorder {

  /** Below the hour that Events are kept, so that an Event to count up is still there. */
  private static final Duration COUNT_FOR = Duration.ofMinutes(50);

  private static final Duration COMBINE_WITHIN = Duration.ofMinutes(10);
  private static final String COMBINED = "(combined from similar events): ";
  private static final int DIFFERENT_MESSAGES_MAX = 10;
  private static final int REMEMBERED_MAX = 4096;

  private final long generation;
  private final Map<String, Told> told = new Remembered<>();
  private final Map<String, Reason> reasons = new Remembered<>();
  private final Map<String, Allowance> allowances = new Remembered<>();
  private long sequence;

  private record Told(Event event, Instant firstAt, int count) {}

  private record Reason(Instant since, int messages) {}

  EventRecorder(long generation) {
    this.generation = generation;
  }

  /** The command that tells of it; empty if the object was talked about too much. */
  Optional<CommandRequest> record(String actor, EventRequest request, Instant now) {
    String source =
        request.source() == null ? actor.substring(actor.lastIndexOf(':') + 1) : request.source();
    Allowance allowance =
        allowances.computeIfAbsent(
            source + "/" + request.about().getMetadata().getUid(), key -> new Allowance(now));
    if (!allowance.take(now)) {
      return Optional.empty();
    }
    return Optional.of(tell(source, request, now));
  }

  private CommandRequest tell(String source, EventRequest request, Instant now) {
    String reason = reasonIdentity(source, request);
    boolean combine = isOneTooMany(reason, request.message(), now);
    String identity = reason + "/" + (combine ? "" : request.message());
    String message = (combine ? COMBINED : "") + request.message();
    Told before = told.get(identity);
    if (before != null && before.firstAt().plus(COUNT_FOR).isAfter(now)) {
      Told again = new Told(before.event(), before.firstAt(), before.count() + 1);
      told.put(identity, again);
      return countUp(again, message, now);
    }
    Event event = event(source, request, message, now);
    told.put(identity, new Told(event, now, 1));
    return Commands.create(ResourceTypes.EVENTS, event);
  }

  private boolean isOneTooMany(String reasonIdentity, String message, Instant now) {
    if (told.containsKey(reasonIdentity + "/" + message)) {
      return false;
    }
    Reason reason =
        reasons.compute(
            reasonIdentity,
            (key, known) ->
                known == null || known.since().plus(COMBINE_WITHIN).isBefore(now)
                    ? new Reason(now, 1)
                    : new Reason(known.since(), known.messages() + 1));
    return reason.messages() > DIFFERENT_MESSAGES_MAX;
  }

  private static String reasonIdentity(String source, EventRequest request) {
    return String.join(
        "/",
        source,
        request.about().getMetadata().getUid(),
        request.severity().text(),
        request.reason());
  }

  private static CommandRequest countUp(Told told, String message, Instant now) {
    ObjectNode patch = KubernetesJson.object();
    patch.put("count", told.count()).put("lastTimestamp", seconds(now)).put("message", message);
    return Commands.patch(ResourceTypes.EVENTS, told.event(), patch);
  }

  private Event event(String source, EventRequest request, String message, Instant now) {
    HasMetadata about = request.about();
    String namespace = about.getMetadata().getNamespace();
    return new EventBuilder()
        .withNewMetadata()
        .withName(String.format("%s.%x%06x", about.getMetadata().getName(), generation, ++sequence))
        .withNamespace(namespace == null ? "default" : namespace)
        .endMetadata()
        .withNewInvolvedObject()
        .withApiVersion(request.aboutType().apiVersion())
        .withKind(request.aboutType().kind())
        .withNamespace(namespace)
        .withName(about.getMetadata().getName())
        .withUid(about.getMetadata().getUid())
        .withResourceVersion(about.getMetadata().getResourceVersion())
        .endInvolvedObject()
        .withType(request.severity().text())
        .withReason(request.reason())
        .withMessage(message)
        .withNewSource()
        .withComponent(source)
        .endSource()
        .withReportingComponent(source)
        .withReportingInstance("")
        .withFirstTimestamp(seconds(now))
        .withLastTimestamp(seconds(now))
        .withCount(1)
        .build();
  }

  private static String seconds(Instant now) {
    return now.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** A burst, then one at a time: per object and source. */
  private static final class Allowance {
    private static final double BURST = 25;
    private static final Duration ONE_EVERY = Duration.ofMinutes(5);

    private double left = BURST;
    private Instant at;

    Allowance(Instant now) {
      at = now;
    }

    boolean take(Instant now) {
      double gained = (double) Duration.between(at, now).toMillis() / ONE_EVERY.toMillis();
      left = Math.min(BURST, left + Math.max(0, gained));
      at = now;
      if (left < 1) {
        return false;
      }
      left -= 1;
      return true;
    }
  }

  /** Forgets what was not used for longest. */
  private static final class Remembered<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1L;

    Remembered() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
      return size() > REMEMBERED_MAX;
    }
  }
}
