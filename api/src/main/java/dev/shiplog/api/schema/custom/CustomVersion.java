package dev.shiplog.api.schema.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.status.StatusCause;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One served version of a custom resource, and what it does to its objects. Immutable but for what
 * is compiled when it is first needed; any thread.
 */
public final class CustomVersion {

  private final GroupVersion groupVersion;
  private final String kind;
  private final JsonNode facts;
  private final CustomSchema schema;
  private final boolean storage;
  private final boolean rewritten;
  private final Lineage lineage;
  private volatile SchemaRules rules;

  /**
   * What a version has to do with the other versions of its resource.
   *
   * @param converter between any two of them
   * @param remote whether converting takes a call to another server
   * @param stored the version that objects are stored in; empty for that version itself
   * @param mixed whether objects may be stored that have more than this version knows: in another
   *     version, or from before its schema changed
   */
  public record Lineage(
      VersionConverter converter, boolean remote, Optional<CustomVersion> stored, boolean mixed) {

    /** Of a resource whose versions differ in their names alone. */
    public static final Lineage PLAIN =
        new Lineage(VersionConverter.BY_NAME, false, Optional.empty(), false);
  }

  /**
   * A version whose siblings differ from it in their names alone.
   *
   * @param facts its entry of {@code spec.versions}
   */
  public CustomVersion(GroupVersion groupVersion, String kind, JsonNode facts) {
    this(groupVersion, kind, facts, Lineage.PLAIN);
  }

  /**
   * A version.
   *
   * @param facts its entry of {@code spec.versions}
   */
  public CustomVersion(GroupVersion groupVersion, String kind, JsonNode facts, Lineage lineage) {
    this.lineage = lineage;
    this.groupVersion = groupVersion;
    this.kind = kind;
    this.facts = facts;
    this.schema = CustomSchema.of(facts.at("/schema/openAPIV3Schema"));
    this.storage = facts.path("storage").asBoolean(false);
    this.rewritten = schema.hasDefaults() || lineage.mixed();
  }

  public GroupVersion groupVersion() {
    return groupVersion;
  }

  public String kind() {
    return kind;
  }

  public CustomSchema schema() {
    return schema;
  }

  /**
   * Whose rules hold for objects as they are stored: where versions differ in more than their
   * names, those of the stored version.
   */
  public CustomVersion storedForm() {
    return lineage.remote() ? lineage.stored().orElse(this) : this;
  }

  /** Whether converting to or from this version may take a call to another server. */
  public boolean convertsRemotely() {
    return lineage.remote();
  }

  public VersionConverter converter() {
    return lineage.converter();
  }

  /** {@code additionalPrinterColumns}. */
  public JsonNode columns() {
    return facts.path("additionalPrinterColumns");
  }

  /** {@code subresources.scale}; a missing node if it has none. */
  public JsonNode scale() {
    return facts.path("subresources").path("scale");
  }

  public boolean hasStatus() {
    return facts.path("subresources").has("status");
  }

  /** What selectors may name: {@code spec.color}. */
  public Set<String> selectableFields() {
    Set<String> paths = new LinkedHashSet<>();
    facts
        .path("selectableFields")
        .forEach(field -> paths.add(field.path("jsonPath").asText("").replaceFirst("^\\.", "")));
    return paths;
  }

  /** What the version is deprecated with; empty if it is not. */
  public List<String> warnings() {
    if (!facts.path("deprecated").asBoolean(false)) {
      return List.of();
    }
    String own = Trees.text(facts, "deprecationWarning");
    return List.of(own.isEmpty() ? groupVersion + " " + kind + " is deprecated" : own);
  }

  /** Whether stored bytes are what a client gets; a default may have been added since. */
  public boolean servesStoredBytes() {
    return storage && !rewritten;
  }

  /** Whether the bytes of some stored objects may be what a client gets, though not of all. */
  public boolean mayServeStoredBytes() {
    return storage;
  }

  /** Brings a stored object into the form of this version, in place. */
  public ObjectNode toServed(ObjectNode stored) {
    return completed(lineage.converter().convert(stored, groupVersion));
  }

  /** Brings several stored objects into the form of this version at once. */
  public List<ObjectNode> toServed(List<ObjectNode> stored) {
    List<ObjectNode> served = lineage.converter().convert(stored, groupVersion);
    served.forEach(this::completed);
    return served;
  }

  private ObjectNode completed(ObjectNode served) {
    if (lineage.remote() || lineage.mixed()) {
      CustomPruning.apply(schema, served);
    }
    fillIn(served);
    CanonicalTrees.sort(served);
    return served;
  }

  /** Brings what a client sent into the version that is stored. */
  public ObjectNode toStored(ObjectNode served, GroupVersion storage) {
    if (!lineage.remote()) {
      return served.put("apiVersion", storage.apiVersion());
    }
    fillIn(served);
    ObjectNode stored = lineage.converter().convert(served, storage);
    CustomPruning.apply(storedForm().schema(), stored);
    return stored;
  }

  /**
   * Drops what the stored version does not know from an object that is about to be stored, in
   * place. It was judged by the rules of the version it was sent in.
   */
  public void keepKnown(ObjectNode object) {
    if (lineage.mixed()) {
      CustomPruning.apply(lineage.stored().orElse(this).schema(), object);
    }
  }

  /** Fills in defaults, in place. */
  public void fillIn(ObjectNode object) {
    CustomDefaults.apply(schema, object);
  }

  /** Brings an object into the form in which it is written, in place. */
  public void canonicalize(ObjectNode object) {
    CanonicalTrees.sort(object);
  }

  /**
   * What is wrong with an object.
   *
   * @param before null for a new one; what is unchanged since is not held against it
   */
  public List<StatusCause> validate(ObjectNode object, ObjectNode before) {
    List<StatusCause> causes = new ArrayList<>();
    SchemaRules compiled = rules();
    compiled.validate(object, before, causes);
    ReplicaCounts.validate(scale(), object, causes);
    return causes;
  }

  private SchemaRules rules() {
    SchemaRules known = rules;
    if (known == null) {
      known = new SchemaRules(schema);
      rules = known;
    }
    return known;
  }
}
