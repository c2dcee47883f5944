package dev.shiplog.streams.controllers.model;

import dev.shiplog.streams.kit.ResourceTypes;
import dev.shiplog.streams.kit.testing.FakeApiServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What somebody asks of the cluster. */
sealed interface Change {

  /** The Deployment is to have so many replicas. */
  record Scale(int replicas) implements Change {}

  /** Its pods are to run that image. */
  record Image(String image) implements Change {}

  /** It is paused, or goes on. */
  record Pause(boolean paused) implements Change {}

  /** The StatefulSet is to have so many members. */
  record Members(int replicas) implements Change {}

  /** Its members are to run that image. */
  record MemberImage(String image) implements Change {}

  /** The daemons are to run that image. */
  record DaemonImage(String image) implements Change {}

  /** A Job is created. */
  record Work(String name, int completions, int parallelism) implements Change {}

  /** An image of which no pod ever gets ready. */
  String BROKEN = "broken";

  default void apply(FakeApiServer server) {
    switch (this) {
      case Scale(int replicas) ->
          server.edit(
              ResourceTypes.DEPLOYMENTS, World.WEB, it -> it.getSpec().setReplicas(replicas));
      case Image(String image) ->
          server.edit(
              ResourceTypes.DEPLOYMENTS,
              World.WEB,
              it -> World.setImage(it.getSpec().getTemplate(), image));
      case Pause(boolean paused) ->
          server.edit(ResourceTypes.DEPLOYMENTS, World.WEB, it -> it.getSpec().setPaused(paused));
      case Members(int replicas) ->
          server.edit(
              ResourceTypes.STATEFUL_SETS, World.DB, it -> it.getSpec().setReplicas(replicas));
      case MemberImage(String image) ->
          server.edit(
              ResourceTypes.STATEFUL_SETS,
              World.DB,
              it -> World.setImage(it.getSpec().getTemplate(), image));
      case DaemonImage(String image) ->
          server.edit(
              ResourceTypes.DAEMON_SETS,
              World.WATCH,
              it -> World.setImage(it.getSpec().getTemplate(), image));
      case Work(String name, int completions, int parallelism) ->
          server.create(ResourceTypes.JOBS, World.job(name, completions, parallelism));
    }
  }

  /** A history that ends in a state in which everything can get ready. */
  static List<Change> history(Random random, int length) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      changes.add(
          switch (random.nextInt(11)) {
            case 0, 1 -> new Scale(random.nextInt(8));
            case 2, 3 -> new Image("image:" + random.nextInt(3));
            case 4 -> new Image(BROKEN);
            case 5 -> new Pause(random.nextBoolean());
            case 6 -> new Members(random.nextInt(5));
            case 7 -> new MemberImage("image:" + random.nextInt(3));
            case 8 -> new DaemonImage("image:" + random.nextInt(3));
            case 9 -> new DaemonImage(BROKEN);
            default -> new Work("work-" + i, 1 + random.nextInt(4), 1 + random.nextInt(3));
          });
    }
    changes.add(new Pause(false));
    changes.add(new Image("image:9"));
    changes.add(new DaemonImage("image:9"));
    return changes;
  }
}
