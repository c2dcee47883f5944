package dev.shiplog.agent.cluster;

import io.fabric8.kubernetes.api.model.Event;
import java.time.Instant;

/** What is to be told of an event. */
public sealed interface EventChange {

  /** It happened. */
  record First(Event event) implements EventChange {}

  /** It happened again: its count and the time of the last are these now. */
  record Again(String namespace, String name, int count, Instant last) implements EventChange {}
}
