package dev.shiplog.streams.controllers.history;

import static dev.shiplog.streams.kit.ResourceTypes.CONTROLLER_REVISIONS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.controllers.pod.CanonicalHash;
import dev.shiplog.streams.controllers.pod.Claims;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Owners;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.Selectors;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The pod templates that a DaemonSet or StatefulSet has had, kept as ControllerRevisions. The one
 * with the highest number is the wanted one; {@code kubectl rollout history} and {@code undo} live
 * on them.
 */
public final class RevisionHistory {

  /** Label of revisions and of pods. */
  public static final String HASH_LABEL = "controller-revision-hash";

  /** Revisions that nobody controls; declare it. */
  public static final Index<ControllerRevision> ORPHANS = Claims.orphans(CONTROLLER_REVISIONS);

  /** A number is the same whatever Java type it was read as, which differs between the two. */
  private static final Comparator<JsonNode> BY_VALUE =
      (one, other) ->
          one.isNumber() && other.isNumber()
              ? one.decimalValue().compareTo(other.decimalValue())
              : (one.equals(other) ? 0 : 1);

  private final ResourceType<?> ownerType;
  private final HasMetadata owner;
  private final PodTemplateSpec template;
  private final JsonNode data;
  private final Views views;
  private final List<ControllerRevision> byNumber;
  private final List<CommandRequest> claims;

  /**
   * The history of an owner whose template now is as given.
   *
   * @param selector the owner's
   */
  public RevisionHistory(
      ResourceType<?> ownerType,
      HasMetadata owner,
      PodTemplateSpec template,
      LabelSelector selector,
      Views views) {
    this.ownerType = ownerType;
    this.owner = owner;
    this.template = template;
    this.data = dataOf(template);
    this.views = views;
    Claims<ControllerRevision> found =
        Claims.of(
            ownerType,
            owner,
            views.of(CONTROLLER_REVISIONS),
            ORPHANS,
            Selectors.matching(selector));
    this.claims = found.commands();
    this.byNumber =
        found.owned().stream()
            .sorted(
                Comparator.comparing(ControllerRevision::getRevision)
                    .thenComparing(revision -> revision.getMetadata().getName()))
            .toList();
  }

  /** What {@code rollout undo} patches into the owner. */
  private static JsonNode dataOf(PodTemplateSpec template) {
    ObjectNode data = KubernetesJson.object();
    data.withObject("/spec")
        .set("template", KubernetesJson.tree(template).put("$patch", "replace"));
    return data;
  }

  /**
   * Adoptions of revisions, such as those of an owner that was deleted without its dependents: with
   * them its pods stay what they are.
   */
  public List<CommandRequest> claims() {
    return claims;
  }

  /** The revision with the template; empty as long as there is none. */
  public Optional<ControllerRevision> wanted() {
    return byNumber.reversed().stream()
        .filter(revision -> revision.getMetadata().getDeletionTimestamp() == null)
        .filter(revision -> data.equals(BY_VALUE, KubernetesJson.tree(revision).path("data")))
        .findFirst();
  }

  public Optional<ControllerRevision> named(String name) {
    return byNumber.stream()
        .filter(revision -> revision.getMetadata().getName().equals(name))
        .findFirst();
  }

  /** The template that a revision keeps. */
  public static PodTemplateSpec templateOf(ControllerRevision revision) {
    ObjectNode kept = (ObjectNode) KubernetesJson.tree(revision).at("/data/spec/template");
    kept.remove("$patch");
    return KubernetesJson.read(kept, PodTemplateSpec.class);
  }

  public static String hashOf(ControllerRevision revision) {
    return revision.getMetadata().getLabels().get(HASH_LABEL);
  }

  private long next() {
    return byNumber.isEmpty() ? 1 : byNumber.getLast().getRevision() + 1;
  }

  /** What gives the wanted revision the highest number; empty if it has that. */
  public Optional<CommandRequest> promotion() {
    return wanted()
        .filter(revision -> !revision.equals(byNumber.getLast()))
        .map(revision ->
            Commands.patchAsSeen(
                CONTROLLER_REVISIONS, revision, KubernetesJson.object().put("revision", next())));
  }

  /**
   * What makes a revision of the template; empty if its name is taken by something else, so that
   * the owner has to count a collision.
   *
   * @param collisions as the owner has counted them
   */
  public Optional<CommandRequest> creation(int collisions) {
    String hash = CanonicalHash.of(data, collisions);
    String name = owner.getMetadata().getName() + "-" + hash;
    String key = ObjectKeys.key(owner.getMetadata().getNamespace(), name);
    if (views.of(CONTROLLER_REVISIONS).get(key).isPresent()) {
      return Optional.empty();
    }
    Map<String, String> labels = new TreeMap<>();
    if (template.getMetadata() != null && template.getMetadata().getLabels() != null) {
      labels.putAll(template.getMetadata().getLabels());
    }
    labels.put(HASH_LABEL, hash);
    ControllerRevision revision =
        new ControllerRevisionBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(owner.getMetadata().getNamespace())
            .withLabels(labels)
            .withAnnotations(owner.getMetadata().getAnnotations())
            .withOwnerReferences(Owners.controllerReference(ownerType, owner))
            .endMetadata()
            .withRevision(next())
            .withData(data)
            .build();
    return Optional.of(Commands.create(CONTROLLER_REVISIONS, revision));
  }

  /**
   * Deletes revisions beyond the number to keep, oldest first.
   *
   * @param inUse names or hashes of those that pods still have
   */
  public List<CommandRequest> cleanUp(Integer limit, Collection<String> inUse) {
    Set<String> used = Set.copyOf(inUse);
    ControllerRevision wanted = wanted().orElse(null);
    List<ControllerRevision> idle =
        byNumber.stream()
            .filter(revision -> !revision.equals(wanted))
            .filter(revision -> !used.contains(revision.getMetadata().getName()))
            .filter(revision -> !used.contains(hashOf(revision)))
            .filter(revision -> revision.getMetadata().getDeletionTimestamp() == null)
            .toList();
    int surplus = idle.size() - (limit == null ? 10 : limit);
    return idle.stream()
        .limit(Math.max(0, surplus))
        .map(revision -> Commands.delete(CONTROLLER_REVISIONS, revision))
        .toList();
  }
}
