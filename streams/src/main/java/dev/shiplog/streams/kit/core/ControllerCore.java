package dev.shiplog.streams.kit.core;

import dev.shiplog.streams.kit.Application;
import dev.shiplog.streams.kit.CommandSender;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.record.Outcome;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** The application that runs controllers, over one set of views. */
public final class ControllerCore implements Application {

  private final String name;
  private final List<Controller> controllers;
  private final RandomGenerator random;
  private final FaultHandler bugs;
  private final ControllerMetrics metrics;
  private List<ControllerLoop> loops = List.of();

  /**
   * Makes the application.
   *
   * @param bugs told of a controller that throws; the key is tried again later, so that one odd
   *     object does not stop all the others
   * @throws IllegalArgumentException if two controllers read one resource in different ways
   */
  public ControllerCore(
      String name, List<Controller> controllers, RandomGenerator random, FaultHandler bugs) {
    this(name, controllers, random, bugs, ControllerMetrics.unseen());
  }

  /** The same, with what it does counted. */
  public ControllerCore(
      String name,
      List<Controller> controllers,
      RandomGenerator random,
      FaultHandler bugs,
      ControllerMetrics metrics) {
    this.metrics = metrics;
    this.name = name;
    this.controllers = List.copyOf(controllers);
    this.random = random;
    this.bugs = bugs;
    refuseDifferentTypes();
  }

  private void refuseDifferentTypes() {
    Map<StorageResource, ResourceType<?>> types = new HashMap<>();
    for (ResourceType<?> type : resources()) {
      ResourceType<?> other = types.putIfAbsent(type.resource(), type);
      if (other != null) {
        throw new IllegalArgumentException(
            type + " is read as " + type.javaType() + " and as " + other.javaType());
      }
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<ResourceType<?>> resources() {
    return controllers.stream()
        .flatMap(controller -> controller.sources().stream())
        .map(Source::type)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  @Override
  public Set<Index<?>> indexes() {
    return controllers.stream()
        .flatMap(controller -> controller.indexes().stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  @Override
  public void onActivated(Views views, CommandSender commands, Instant now) {
    loops =
        controllers.stream()
            .map(one ->
                new ControllerLoop(one, views, commands, random, bugs, metrics.of(one.name()), now))
            .toList();
  }

  @Override
  public void onChange(ObjectChange<?> change, Instant now) {
    loops.forEach(loop -> loop.onChange(change));
  }

  @Override
  public void onOutcome(Outcome outcome, Instant now) {
    loops.forEach(loop -> loop.onOutcome(outcome, now));
  }

  @Override
  public void onTime(Instant now) {
    loops.forEach(loop -> loop.run(now));
  }

  @Override
  public List<String> describe() {
    return loops.stream().map(ControllerLoop::describe).toList();
  }
}
