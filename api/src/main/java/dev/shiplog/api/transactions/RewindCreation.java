package dev.shiplog.api.transactions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.PatientAuthorizer;
import dev.shiplog.api.changes.Moment;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Refused;
import dev.shiplog.api.store.ChangeLog;
import dev.shiplog.api.store.ChangeLog.Excerpt;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.RecordedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.transactions.RewindPlan.Step;
import dev.shiplog.api.verbs.Answer;
import dev.shiplog.api.verbs.Creation;
import dev.shiplog.api.verbs.Parts;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.SealedValue;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.seal.Sealing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Brings a namespace back to what was wanted of it at an earlier revision, by one transaction. Its
 * caller's thread may wait.
 */
public final class RewindCreation implements Creation {

  private static final StorageResource NAMESPACES = StorageResource.of("namespaces", "");

  /** As many as a transaction has operations, and what changed without need of one. */
  private static final int MOST_OBJECTS = 20_000;

  private final Parts parts;
  private final Supplier<ChangeLog> log;
  private final Supplier<ResourceCatalogue> catalogue;
  private final Authorizer authorizer;
  private final Sealing sealing;

  /**
   * Makes it.
   *
   * @param sealing opens objects as the journal keeps them
   */
  public RewindCreation(
      Parts parts,
      Supplier<ChangeLog> log,
      Supplier<ResourceCatalogue> catalogue,
      Authorizer authorizer,
      Sealing sealing) {
    this.parts = parts;
    this.log = log;
    this.catalogue = catalogue;
    this.authorizer = new PatientAuthorizer(authorizer);
    this.sealing = sealing;
  }

  @Override
  public CompletableFuture<Answer> create(ApiRequest.Create request) {
    ObjectNode rewind = Sent.object(parts, request);
    RewindPlan plan = plan(request, rewind.path("spec"));
    String expected = rewind.at("/spec/plan").asText("");
    if (!expected.isEmpty() && !expected.equals(plan.digest())) {
      throw request
          .target()
          .conflict("the namespace changed since the plan was shown; look at the new one first");
    }
    long committed = plan.steps().isEmpty() ? 0 : carryOut(request, plan);
    return CompletableFuture.completedFuture(
        new Answer.Made(201, answer(rewind, plan, committed), committed, List.of()));
  }

  private long carryOut(ApiRequest.Create request, RewindPlan plan) {
    requireSight(request, plan);
    TransactionRun run =
        new TransactionRun(parts, authorizer, request.caller(), request.options(), request.verb());
    return run.run(plan.steps().stream().map(Step::operation).toList()).revision();
  }

  /** The answer shows what is there and what was. */
  private void requireSight(ApiRequest.Create request, RewindPlan plan) {
    List<Refused> refusals = new ArrayList<>();
    for (Step step : plan.steps()) {
      Attributes asked = step.operation().asked().withVerb("get");
      if (!authorizer.authorize(request.caller().user(), asked).allowed()) {
        refusals.add(
            new Refused(
                step.key().resource().qualifiedName() + "/" + step.key().name(),
                asked.forbidden(request.caller().user().username(), "")));
      }
    }
    if (!refusals.isEmpty()) {
      throw Refused.together(refusals, ApiFailure.Subject.of("shiplog.dev", "rewinds", ""));
    }
  }

  private RewindPlan plan(ApiRequest.Create request, JsonNode spec) {
    String namespace = request.target().namespace();
    Snapshot now = Waiting.on(parts.store().read(new ReadAt.Latest()));
    if (now.get(new ObjectKey(NAMESPACES, "", namespace)).isEmpty()) {
      throw Failures.notFound("", "namespaces", namespace);
    }
    long revision =
        Waiting.on(Moment.parse("spec.to", spec.path("to").asText("")).revision(log.get()));
    if (revision > now.revision()) {
      throw Failures.revisionTooLarge(revision, now.revision());
    }
    if (revision == 0) {
      throw Failures.badRequest("spec.to: the cluster had nothing yet by then");
    }
    Set<String> except = new HashSet<>();
    spec.path("except").forEach(name -> except.add(name.asText().toLowerCase(Locale.ROOT)));
    return new RewindPlanner(catalogue.get(), parts.forms(), namespace, now, except)
        .plan(revision, then(namespace, revision, now.revision()));
  }

  /** What the objects of the namespace that changed after a revision were at it. */
  private Map<ObjectKey, ObjectNode> then(String namespace, long revision, long upTo) {
    Map<ObjectKey, ObjectNode> then = new LinkedHashMap<>();
    Set<ObjectKey> seen = new HashSet<>();
    ChangeLog.Walk walk = log.get().after(revision, recorded -> isIn(namespace, recorded));
    Excerpt excerpt;
    do {
      excerpt = Waiting.on(walk.next());
      for (RecordedChange recorded : excerpt.changes()) {
        ObjectKey key = ObjectKey.parse(recorded.change().resource(), recorded.change().key());
        if (recorded.revision() <= upTo && seen.add(key)) {
          then.put(key, before(recorded));
        }
      }
      if (seen.size() > MOST_OBJECTS) {
        throw Failures.tooLarge(
            "more than %d objects of the namespace changed since; go back by smaller steps"
                .formatted(MOST_OBJECTS));
      }
    } while (!excerpt.end() && excerpt.seen() < upTo);
    return then;
  }

  private ObjectNode before(RecordedChange recorded) {
    SealedValue before = recorded.change().before();
    return before == null
        ? null
        : Json.read(sealing.open(recorded.change(), before), ObjectNode.class);
  }

  private static boolean isIn(String namespace, RecordedChange recorded) {
    String key = recorded.change().key();
    return key.startsWith(namespace)
        && key.startsWith("/", namespace.length())
        && !RewindRules.isReport(recorded.change().resource());
  }

  private static ObjectNode answer(ObjectNode rewind, RewindPlan plan, long committed) {
    ObjectNode status = rewind.putObject("status");
    status.put("revision", Long.toString(plan.revision()));
    status.put("basedOn", Long.toString(plan.basedOn())).put("plan", plan.digest());
    if (committed > 0) {
      status.put("committed", Long.toString(committed));
    }
    ArrayNode operations = status.putArray("operations");
    plan.steps().forEach(step -> put(step, operations.addObject()));
    ArrayNode left = status.putArray("leftAlone");
    plan.left()
        .forEach(one ->
            left.addObject()
                .put("apiVersion", one.apiVersion())
                .put("kind", one.kind())
                .put("name", one.name())
                .put("reason", one.reason()));
    return rewind;
  }

  private static void put(Step step, ObjectNode node) {
    ObjectNode known = step.to() == null ? step.from() : step.to();
    node.put("operation", step.operation().name());
    node.put("apiVersion", known.path("apiVersion").asText(""));
    node.put("kind", known.path("kind").asText("")).put("name", step.key().name());
    if (step.from() != null) {
      node.set("from", step.shownFrom());
    }
    if (step.to() != null) {
      node.set("to", step.shownTo());
    }
  }
}
