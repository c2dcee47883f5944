package dev.shiplog.agent.containerd;

import dev.shiplog.agent.containerd.cri.Cri;
import dev.shiplog.agent.runtime.PodRuntime.ChangeListener;
import dev.shiplog.agent.runtime.PodRuntimeException;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Tells a listener which pods changed. It compares lists at a fixed pace, because containerd 1.6
 * has no events and later ones drop some; where there are events it tells those as well, so most
 * changes are told at once. The marks belong to the watch's one thread.
 */
final class ChangeWatch implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ChangeWatch.class);

  private final Inventory inventory;
  private final CriConnection cri;
  private final Ownership ownership;
  private final ChangeListener listener;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("containerd-watch").factory());

  private Map<String, Inventory.Mark> marks = Map.of();
  private volatile Events events = Events.CLOSED;

  private enum Events {
    CLOSED,
    OPEN,
    NOT_OFFERED
  }

  ChangeWatch(
      Inventory inventory, CriConnection cri, Ownership ownership, ChangeListener listener) {
    this.inventory = inventory;
    this.cri = cri;
    this.ownership = ownership;
    this.listener = listener;
  }

  /** Starts looking; the first look tells every pod, since nothing is known before it. */
  void start(Duration pace) {
    var _ = thread.scheduleWithFixedDelay(this::look, 0, pace.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      if (events == Events.CLOSED) {
        events = Events.OPEN;
        cri.containerEvents(new EventObserver());
      }
      Map<String, Inventory.Mark> now = inventory.marks();
      changedPods(marks, now).forEach(listener::changed);
      marks = now;
    } catch (PodRuntimeException e) {
      LOG.debugf("no look at containerd: %s", e.getMessage());
      cri.connectSoon();
    } catch (RuntimeException e) {
      // An exception that left this method would end the schedule silently.
      LOG.errorf(e, "looking for changes failed");
    }
  }

  private static Set<String> changedPods(
      Map<String, Inventory.Mark> before, Map<String, Inventory.Mark> now) {
    var changed = new HashSet<String>();
    now.forEach((id, mark) -> {
      if (!mark.equals(before.get(id))) {
        changed.add(mark.podUid());
      }
    });
    before.forEach((id, mark) -> {
      if (!now.containsKey(id)) {
        changed.add(mark.podUid());
      }
    });
    return changed;
  }

  /** Stops looking; the listener is not called any more once a look under way is over. */
  @Override
  public void close() {
    thread.shutdownNow();
  }

  private final class EventObserver implements StreamObserver<Cri.ContainerEventResponse> {

    @Override
    public void onNext(Cri.ContainerEventResponse event) {
      Map<String, String> labels = event.getPodSandboxStatus().getLabelsMap();
      if (ownership.owns(labels) && !thread.isShutdown()) {
        listener.changed(Ownership.pod(labels).uid());
      }
    }

    @Override
    public void onError(Throwable failure) {
      boolean offered = Status.fromThrowable(failure).getCode() != Status.Code.UNIMPLEMENTED;
      events = offered ? Events.CLOSED : Events.NOT_OFFERED;
    }

    @Override
    public void onCompleted() {
      events = Events.CLOSED;
    }
  }
}
