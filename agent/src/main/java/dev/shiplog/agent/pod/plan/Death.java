package dev.shiplog.agent.pod.plan;

import java.time.Duration;
import java.util.Optional;

/**
 * Why a container is ended.
 *
 * @param message for the Killing event
 * @param grace how long it has; empty for the pod's own
 */
public record Death(String message, Optional<Duration> grace) {

  public static Death because(String message) {
    return new Death(message, Optional.empty());
  }
}
