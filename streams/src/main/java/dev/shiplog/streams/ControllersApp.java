package dev.shiplog.streams;

import dev.shiplog.streams.controllers.deployment.DeploymentController;
import dev.shiplog.streams.controllers.replicaset.ReplicaSetController;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.core.ControllerCore;
import dev.shiplog.streams.kit.kafka.ApplicationStreams;
import dev.shiplog.streams.kit.kafka.StreamsSettings;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.LogSource;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** The controllers as a process runs them. Start and close from any thread. */
public final class ControllersApp implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ControllersApp.class);
  private static final String NAME = "controllers";

  private final ApplicationStreams streams;
  private final List<String> names;

  /**
   * Prepares the controllers.
   *
   * @param without names of those that are not to run
   * @param log to look at topics with; stays open when this is closed
   * @param faults told when they cannot go on
   * @throws IllegalArgumentException if one of the names is no controller's
   */
  public ControllersApp(
      Set<String> without, StreamsSettings settings, LogSource log, FaultHandler faults) {
    refuseUnknown(without);
    names = names(all()).stream().filter(name -> !without.contains(name)).toList();
    streams = new ApplicationStreams(() -> core(without), settings, log, faults);
  }

  /** Names of those that run, in alphabetical order. */
  public List<String> names() {
    return names;
  }

  /**
   * Waits until the topics are there, then starts; they act some time later, when everything has
   * been read.
   *
   * @throws IllegalStateException if topics are missing after the time set for it
   */
  public void start() {
    streams.start();
  }

  @Override
  public void close() {
    streams.close();
  }

  /** A controller that throws is a bug, but one odd object must not stop the whole cluster. */
  private static ControllerCore core(Set<String> without) {
    List<Controller> wanted =
        all().stream().filter(controller -> !without.contains(controller.name())).toList();
    return new ControllerCore(
        NAME, wanted, new SplittableRandom(), (what, cause) -> LOG.error(what, cause));
  }

  private static List<Controller> all() {
    return List.of(new DeploymentController(), new ReplicaSetController());
  }

  private static void refuseUnknown(Set<String> without) {
    Set<String> unknown = new TreeSet<>(without);
    unknown.removeAll(names(all()));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no controller named "
              + String.join(", ", unknown)
              + "; there are "
              + String.join(", ", names(all())));
    }
  }

  private static Set<String> names(List<Controller> controllers) {
    return controllers.stream()
        .map(Controller::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
