package dev.shiplog.streams.kit.core;

import dev.shiplog.streams.kit.Application;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.CommandSender;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ResourceTypes;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.streams.kit.view.ObjectView;
import dev.shiplog.streams.kit.view.ViewSet;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs an {@link Application}: keeps its views, makes it active, gives its commands their ids. A
 * state machine without clock, threads or Kafka: records and outcomes are taken in as they come,
 * {@link #onTime} lets the application act on them, and its commands come out with {@link #drain}.
 * The views may already hold what was restored. Owned by one thread.
 */
public final class ApplicationCore {

  private final Application application;
  private final ViewSet views;
  private final Activation activation;
  private final List<Command> out = new ArrayList<>();
  private Optional<Sender> sender = Optional.empty();

  public ApplicationCore(Application application, ViewSet views, CatchUp catchUp) {
    this.application = application;
    this.views = views;
    this.activation = new Activation(application.name(), catchUp);
    application.indexes().forEach(views::declare);
  }

  /** This process is to act from now on: begins a generation. */
  public void start(Instant now) {
    out.add(activation.begin(now));
  }

  /**
   * Takes in a record of a store topic.
   *
   * @param value null for a tombstone
   * @param revision from the record's headers; 0 where unknown
   * @param traceparent from there, too; null for none
   */
  public void onRecord(
      StorageResource resource,
      String key,
      byte[] value,
      long revision,
      long timestampMs,
      String traceparent,
      Instant now) {
    ObjectView<?> view = views.view(resource);
    if (view == null) {
      throw new IllegalArgumentException(application.name() + " does not follow " + resource);
    }
    Optional<? extends ObjectChange<?>> change = view.apply(key, value, revision, timestampMs);
    if (activation.isActive()) {
      change.ifPresent(changed -> application.onChange(changed.tracedBy(traceparent), now));
    }
  }

  /** The same of a record that is not traced. */
  public void onRecord(
      StorageResource resource,
      String key,
      byte[] value,
      long revision,
      long timestampMs,
      Instant now) {
    onRecord(resource, key, value, revision, timestampMs, null, now);
  }

  /** Takes in a record of the outcomes topic, of any application. */
  public void onOutcome(Outcome outcome, Instant now) {
    if (!outcome.application().equals(application.name())) {
      return;
    }
    if (activation.isActive() && outcome.generation() == activation.generation()) {
      application.onOutcome(outcome, now);
    } else {
      activation.onOutcome(outcome, now).ifPresent(out::add);
    }
  }

  /**
   * Lets the application act. Called after what arrived together, and often even when nothing does.
   */
  public void onTime(Instant now) {
    boolean wasActive = activation.isActive();
    activation.onTime(now).ifPresent(out::add);
    if (activation.isActive()) {
      if (!wasActive) {
        Sender fresh = new Sender(activation.generation(), now);
        sender = Optional.of(fresh);
        application.onActivated(views, fresh, now);
      }
      sender.orElseThrow().now = now;
      application.onTime(now);
    }
  }

  /** The commands that were made since the last call, in order. */
  public List<Command> drain() {
    List<Command> commands = List.copyOf(out);
    out.clear();
    return commands;
  }

  public boolean isActive() {
    return activation.isActive();
  }

  public Views views() {
    return views;
  }

  /** Gives commands their ids; one per activation. */
  private final class Sender implements CommandSender {
    private final long generation;
    private final EventRecorder events;
    private long lastId;
    private Instant now;
    private String traceparent;

    Sender(long generation, Instant now) {
      this.generation = generation;
      this.events = new EventRecorder(generation);
      this.now = now;
    }

    @Override
    public String send(String actor, CommandRequest request) {
      if (!activation.isActive() || activation.generation() != generation) {
        throw new IllegalStateException(application.name() + " sent a command while not active");
      }
      String id = Long.toString(++lastId);
      Command command = request.toCommand(id, application.name(), generation, actor);
      out.add(traceparent == null ? command : command.tracedBy(traceparent));
      return id;
    }

    @Override
    public void follow(String step) {
      traceparent = step;
    }

    @Override
    public void tell(String actor, EventRequest event) {
      if (!isEnding(event.about().getMetadata().getNamespace())) {
        events.record(actor, event, now).ifPresent(request -> send(actor, request));
      }
    }

    /** A namespace that ends takes nothing new, so its Events would only be refused. */
    private boolean isEnding(String namespace) {
      return namespace != null
          && views
              .of(ResourceTypes.NAMESPACES.resource())
              .flatMap(view -> view.get(namespace))
              .filter(found -> found.getMetadata().getDeletionTimestamp() != null)
              .isPresent();
    }
  }
}
