package dev.shiplog.agent.proxy;

import static dev.shiplog.agent.proxy.Clusters.ready;
import static dev.shiplog.agent.proxy.Clusters.web;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.topics.testing.InMemoryTopicLog;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ServiceFollowerTest {

  private static final Service WEB = web("10.96.0.10").build();

  private final ServiceTopics topics = new ServiceTopics();
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final List<ServiceView> told = new CopyOnWriteArrayList<>();
  private final InMemoryTopicLog connection = topics.log.connect();
  private final ServiceFollower follower =
      new ServiceFollower(connection, ServiceTopics.NAMES, faults);

  @AfterEach
  void stop() {
    follower.close();
    faults.assertNone();
  }

  private void start() {
    follower.onChange(told::add);
    follower.start();
  }

  private Set<String> services() {
    return follower.view().map(view -> view.services().keySet()).orElse(Set.of("no view"));
  }

  @Test
  void emptyTopicsGiveAnEmptyView() {
    start();

    await().until(() -> services().isEmpty());
  }

  @Test
  void theFirstViewHoldsEverythingThatWasThere() {
    topics.put(WEB);
    topics.put(ready("web", "TCP", 8080, "10.244.0.1"));

    start();

    await().until(() -> !told.isEmpty());
    assertThat(told.getFirst().services()).containsOnlyKeys("default/web");
    assertThat(told.getFirst().slices()).containsOnlyKeys("default/web-abc");
  }

  @Test
  void changesAreFollowed() {
    start();
    topics.put(WEB);
    await().until(() -> services().contains("default/web"));

    topics.delete(WEB);

    await().until(() -> services().isEmpty());
  }

  @Test
  void whatWasNeverCommittedIsNotSeen() {
    topics.writeInVain(WEB);
    start();
    topics.put(new ServiceBuilder(WEB).editMetadata().withName("other").endMetadata().build());

    await().until(() -> services().equals(Set.of("default/other")));
  }

  @Test
  void aServiceThatCannotBeReadStaysAsItWas() {
    start();
    topics.put(WEB);
    topics.write(WEB, "{not json".getBytes(StandardCharsets.UTF_8));
    topics.put(ready("web", "TCP", 8080, "10.244.0.1"));

    await().until(() -> follower.view().map(view -> view.slices().size()).orElse(0) == 1);
    assertThat(services()).containsExactly("default/web");
  }

  @Test
  void anUnreachableLogLeavesTheViewAsItWas() {
    topics.put(WEB);
    start();
    await().until(() -> services().contains("default/web"));

    connection.faults().cutOff();
    topics.delete(WEB);
    assertThat(services()).containsExactly("default/web");

    connection.faults().reconnect();
    await().until(() -> services().isEmpty());
  }

  @Test
  void aNamespacesServicesAreFound() {
    topics.put(WEB);
    topics.put(
        new ServiceBuilder(WEB).editMetadata().withNamespace("default-2").endMetadata().build());
    start();
    await().until(() -> services().size() == 2);

    assertThat(follower.view().orElseThrow().services("default")).containsExactly(WEB);
    assertThat(follower.view().orElseThrow().services("none")).isEmpty();
  }

  @Test
  void aViewOnceTakenDoesNotChange() {
    topics.put(WEB);
    start();
    await().until(() -> services().contains("default/web"));
    ServiceView taken = follower.view().orElseThrow();

    topics.delete(WEB);
    await().until(() -> services().isEmpty());

    assertThat(taken.services()).containsOnlyKeys("default/web");
  }
}
