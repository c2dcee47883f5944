package dev.shiplog.api.journal;

import dev.shiplog.api.view.View;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.metrics.ProcessMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What can be looked up of a journal's server whenever a page is written. Any thread. */
final class JournalGauges implements AutoCloseable {

  private final MeterRegistry registry;
  private final List<Meter> shown = new ArrayList<>();
  private final MultiGauge objects;
  private final Runnable endRefresh;

  /**
   * Shows them until it is closed.
   *
   * @param leads whether the server leads: 1 or 0
   */
  JournalGauges(
      MeterRegistry registry, Applied applied, View view, ToDoubleFunction<Applied> leads) {
    this.registry = registry;
    show("shiplog.journal.leader", "Whether this server decides: 1 or 0", applied, leads);
    show("shiplog.journal.epoch", "The epoch in force", applied, a -> a.published().epoch());
    show("shiplog.revision", "The newest revision", applied, a -> a.published().revision());
    show(
        "shiplog.journal.position",
        "The offset up to which the journal was applied",
        applied,
        a -> a.published().offset());
    show("shiplog.view.objects", "Objects in the View", view, JournalGauges::count);
    show("shiplog.view.events", "Recent events in the View", view, View::eventsHeld);
    show("shiplog.view.events.bytes", "Their size", view, View::eventBytesHeld);
    objects =
        MultiGauge.builder("apiserver.storage.objects")
            .description("Objects that are stored, by resource")
            .register(registry);
    endRefresh = ProcessMetrics.here().beforeEachPage(() -> count(view, objects));
  }

  private <T> void show(String name, String description, T of, ToDoubleFunction<T> value) {
    shown.add(Gauge.builder(name, of, value).description(description).register(registry));
  }

  private static double count(View view) {
    var state = view.current();
    return state.resources().stream().mapToInt(resource -> state.count(resource, "")).sum();
  }

  private static void count(View view, MultiGauge objects) {
    var state = view.current();
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    for (StorageResource resource : state.resources()) {
      String name =
          resource.group().isEmpty()
              ? resource.plural()
              : resource.plural() + "." + resource.group();
      rows.add(MultiGauge.Row.of(Tags.of("resource", name), state.count(resource, "")));
    }
    objects.register(rows, true);
  }

  @Override
  public void close() {
    endRefresh.run();
    objects.register(List.of(), true);
    shown.forEach(registry::remove);
  }
}
