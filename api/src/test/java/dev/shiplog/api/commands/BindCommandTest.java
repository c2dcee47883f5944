package dev.shiplog.api.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.ServiceAccountTokens;
import dev.shiplog.api.access.SigningKey;
import dev.shiplog.api.access.TokenIssuers;
import dev.shiplog.api.access.VerificationKeys;
import dev.shiplog.api.admission.Admission;
import dev.shiplog.api.journal.JournalStore;
import dev.shiplog.api.journal.TestStore;
import dev.shiplog.api.registry.Registry;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.verbs.Identities;
import dev.shiplog.api.verbs.ObjectForms;
import dev.shiplog.api.verbs.Parts;
import dev.shiplog.api.verbs.Verbs;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.CommandRef;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Command.Target;
import dev.shiplog.topics.record.Command.Verb;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.PodBindings;
import dev.shiplog.topics.record.PodBindings.PodBinding;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A command that binds pods, carried out on a real store and a log in memory. */
class BindCommandTest {

  private final InMemoryTopicLog log = new InMemoryTopicLog();
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final List<Attributes> asked = new CopyOnWriteArrayList<>();
  private boolean allowed = true;
  private boolean announces;
  private boolean eventsRefused;
  private JournalStore store;
  private VerbCommandExecutor executor;

  @BeforeEach
  void start() {
    store = TestStore.started(log, faults, new NoEvents());
    Authorizer authorizer =
        (user, attributes) -> {
          asked.add(attributes);
          return allowed
              ? Authorizer.Decision.allow("because")
              : Authorizer.Decision.deny("because");
        };
    InstantSource clock = InstantSource.system();
    ResourceCatalogue catalogue = ResourceCatalogue.builtIn();
    Parts parts =
        new Parts(
            store,
            new Registry(),
            new ObjectForms(catalogue),
            new Admission(List.of()),
            new Identities(clock, Random::new));
    executor =
        new VerbCommandExecutor(
            () -> catalogue,
            store,
            new Verbs(parts, store, null, authorizer, tokens(clock), clock, Map.of()),
            authorizer,
            clock,
            Runnable::run);
    pod("a");
    pod("b");
  }

  private ServiceAccountTokens tokens(InstantSource clock) {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
      SigningKey key = SigningKey.of(pair.getPrivate(), pair.getPublic());
      VerificationKeys keys = new VerificationKeys(key, List.of());
      return new ServiceAccountTokens(key, keys, TokenIssuers.DEFAULT, clock, store::current);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Refuses Events while it is told to. */
  private final class NoEvents implements CommitRule {
    @Override
    public boolean concerns(StorageResource resource) {
      return resource.equals(TestStore.EVENTS);
    }

    @Override
    public String name() {
      return "no events";
    }

    @Override
    public boolean completes(StorageResource resource) {
      return false;
    }

    @Override
    public void check(Snapshot state, ObjectKey key, StoredObject before, ObjectNode after) {
      if (eventsRefused) {
        throw Failures.forbidden("", "events", key.name(), "enough was said");
      }
    }
  }

  @AfterEach
  void stop() {
    store.close();
    faults.assertNone();
  }

  private void pod(String name) {
    ObjectKey key = TestStore.pod(name);
    ObjectNode pod = TestStore.object(key, "x").put("kind", "Pod").put("apiVersion", "v1");
    pod.withObject("/metadata").put("uid", "uid-" + name);
    pod.withObject("/spec").put("schedulerName", "mine");
    store.commit(TestStore.request(new ProposedChange.Create(key, pod))).join();
  }

  private String nodeOf(String name) {
    return store
        .current()
        .get(TestStore.pod(name))
        .orElseThrow()
        .tree()
        .at("/spec/nodeName")
        .asText();
  }

  private Optional<CommandResult> bind(boolean allOrNone, String... names) {
    List<PodBinding> bindings =
        List.of(names).stream()
            .map(name ->
                new PodBinding(
                    "default", name, "uid-" + name, "n", Map.of("l", "w"), Map.of("k", "v")))
            .toList();
    Command command =
        new Command(
            "1",
            "scheduler",
            1,
            "system:kube-scheduler",
            Verb.BIND,
            new Target("", "v1", "pods", "binding", "", ""),
            null,
            null,
            Json.MAPPER.valueToTree(new PodBindings(allOrNone, announces, bindings)));
    CommandRef ref = new CommandRef("topic", 0, 0, "1", "scheduler", 1, command.key());
    return executor.execute(command, ref).join();
  }

  @Test
  void podsAreBoundAndTheCommitSpeaksForTheCommand() {
    assertThat(bind(true, "a", "b")).isEmpty();

    assertThat(nodeOf("a")).isEqualTo("n");
    assertThat(nodeOf("b")).isEqualTo("n");
  }

  @Test
  void whatTheSchedulerKnowsOfThePodGoesOntoItInTheSameCommit() {
    bind(false, "a");

    ObjectNode pod = store.current().get(TestStore.pod("a")).orElseThrow().tree();
    assertThat(pod.at("/metadata/labels/l").asText()).isEqualTo("w");
    assertThat(pod.at("/metadata/annotations/k").asText()).isEqualTo("v");
  }

  @Test
  void eachBindingIsToldOfByAnEventInTheSameCommit() {
    announces = true;
    bind(false, "a", "b");

    List<ObjectNode> events = events();
    assertThat(events)
        .extracting(event -> event.path("message").asText())
        .containsExactly(
            "Successfully assigned default/a to n", "Successfully assigned default/b to n");
    assertThat(events.getFirst().path("kind").asText()).isEqualTo("Event");
    assertThat(events.getFirst().path("apiVersion").asText()).isEqualTo("v1");
    assertThat(events.getFirst().path("reason").asText()).isEqualTo("Scheduled");
    assertThat(events.getFirst().at("/involvedObject/uid").asText()).isEqualTo("uid-a");
    assertThat(events.getFirst().at("/source/component").asText()).isEqualTo("mine");
    // Two pods, two Events, and nothing in between.
    assertThat(store.current().revision()).isEqualTo(6);
  }

  @Test
  void anEventThatIsRefusedIsNotInTheWayOfTheBinding() {
    announces = true;
    eventsRefused = true;
    assertThat(bind(true, "a", "b")).isEmpty();

    assertThat(nodeOf("b")).isEqualTo("n");
    assertThat(events()).isEmpty();
  }

  private List<ObjectNode> events() {
    List<ObjectNode> events = new ArrayList<>();
    store
        .current()
        .list(TestStore.EVENTS, "default", "")
        .forEachRemaining(event -> events.add(event.tree()));
    return events;
  }

  @Test
  void theActorMustBeAllowedToBindEachOfThem() {
    allowed = false;

    CommandResult refused = bind(true, "a", "b").orElseThrow();

    assertThat(refused.code()).isEqualTo(403);
    assertThat(nodeOf("a")).isEmpty();
    assertThat(asked.getFirst().verb()).isEqualTo("create");
    assertThat(asked.getFirst().subresource()).isEqualTo("binding");
  }

  @Test
  void aRefusalNamesTheRevisionUpToWhichItIsTrue() {
    CommandResult refused = bind(true, "a", "gone").orElseThrow();

    assertThat(refused.code()).isEqualTo(404);
    assertThat(refused.resource()).isEqualTo("pods");
    assertThat(refused.resourceRevision()).isEqualTo(store.current().revision());
    assertThat(nodeOf("a")).isEmpty();
  }
}
