package dev.shiplog.api.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.runtime.KubernetesService.Place;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.topics.catalogue.StorageResource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Says that this server lives, and keeps the Service {@code kubernetes} leading to all servers that
 * do. Every server does the same; where two see it differently for a moment, the next round agrees.
 */
final class ServerPresence implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ServerPresence.class);
  private static final StorageResource LEASES = StorageResource.of("leases", "coordination.k8s.io");
  private static final StorageResource SLICES =
      StorageResource.of("endpointslices", "discovery.k8s.io");
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final long PATIENCE_SECONDS = 20;
  private static final long STOP_SECONDS = 3;

  /** Slices above those in use are cleared away, up to this one. */
  private static final int MOST_SLICES = 10;

  private final String serverId;
  private final Optional<Place> place;
  private final OwnWrites writer;
  private final Supplier<Snapshot> state;
  private final InstantSource clock;
  private final ServerLeases leases = new ServerLeases();
  private final ScheduledExecutorService thread;

  ServerPresence(
      String serverId,
      Optional<Place> place,
      OwnWrites writer,
      Supplier<Snapshot> state,
      InstantSource clock,
      ThreadFactory threads) {
    this.serverId = serverId;
    this.place = place;
    this.writer = writer;
    this.state = state;
    this.clock = clock;
    this.thread = Executors.newSingleThreadScheduledExecutor(threads);
  }

  /** Shows up at once, and again and again. */
  void start() {
    var _ = thread.scheduleWithFixedDelay(this::round, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Takes leave: clients are no longer led here. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      await(writer.delete(lease()), STOP_SECONDS);
      lead(others(), STOP_SECONDS);
    } catch (CompletionException e) {
      LOG.debugf("could not take leave; the lease ends by itself: %s", e.getMessage());
    }
  }

  private void round() {
    try {
      await(writer.put(lease()), PATIENCE_SECONDS);
      List<ObjectNode> all = all();
      long now = System.nanoTime();
      leases.look(all, now);
      lead(leases.live(all, now), PATIENCE_SECONDS);
      for (ObjectNode over : leases.over(all, now)) {
        await(writer.delete(over), PATIENCE_SECONDS);
      }
    } catch (CompletionException e) {
      LOG.debugf("no sign of life could be written; tried again: %s", e.getMessage());
    } catch (RuntimeException e) {
      LOG.warn("the places of API servers could not be kept up to date; tried again", e);
    }
  }

  /** Without any it stays as it is: it cannot be known better. */
  private void lead(List<Place> places, long seconds) {
    if (places.isEmpty()) {
      return;
    }
    List<ObjectNode> objects = KubernetesService.leadingTo(places);
    objects.forEach(object -> await(writer.put(object), seconds));
    Snapshot now = state.get();
    for (int i = objects.size() - 1; i < MOST_SLICES; i++) {
      ObjectNode unused = KubernetesService.unused(i);
      if (now.get(new ObjectKey(SLICES, "default", unused.at("/metadata/name").asText()))
          .isPresent()) {
        await(writer.delete(unused), seconds);
      }
    }
  }

  private List<Place> others() {
    List<Place> places = new ArrayList<>(leases.live(all(), System.nanoTime()));
    place.ifPresent(places::remove);
    return places;
  }

  private List<ObjectNode> all() {
    List<ObjectNode> all = new ArrayList<>();
    state
        .get()
        .list(LEASES, ServerLeases.NAMESPACE, "")
        .forEachRemaining(lease -> all.add(lease.tree()));
    return all;
  }

  private ObjectNode lease() {
    return ServerLeases.lease(serverId, place, clock.instant());
  }

  private static void await(CompletableFuture<Void> done, long seconds) {
    done.orTimeout(seconds, TimeUnit.SECONDS).join();
  }
}
