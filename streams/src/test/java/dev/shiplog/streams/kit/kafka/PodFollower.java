package dev.shiplog.streams.kit.kafka;

import static dev.shiplog.streams.kit.ResourceTypes.PODS;

import dev.shiplog.streams.kit.Application;
import dev.shiplog.streams.kit.CommandSender;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.topics.record.Outcome;
import java.time.Instant;
import java.util.Set;

/** An application that follows pods and does nothing; a test says what else. */
abstract class PodFollower implements Application {

  private final String name;

  PodFollower(String name) {
    this.name = name;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Set<ResourceType<?>> resources() {
    return Set.of(PODS);
  }

  @Override
  public void onActivated(Views views, CommandSender commands, Instant now) {}

  @Override
  public void onChange(ObjectChange<?> change, Instant now) {}

  @Override
  public void onOutcome(Outcome outcome, Instant now) {}

  @Override
  public void onTime(Instant now) {}
}
