package dev.shiplog.bench.parts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.ownership.Apply;
import dev.shiplog.api.ownership.Manager;
import dev.shiplog.api.ownership.Ownership;
import dev.shiplog.api.ownership.Shape;
import dev.shiplog.api.patch.Patch;
import dev.shiplog.api.patch.PatchType;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.schema.types.ValueType.Struct;
import dev.shiplog.topics.record.Json;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What it costs to keep managedFields, and to patch. The object has three managers: who made it
 * owns all of it, an applier shares all but the first half of its list, a controller owns one item.
 * A change is of every tenth item of the list.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class OwnershipParts {

  private static final String TIME = "2026-01-02T03:04:05Z";

  /** Whose ownership is kept. */
  @Param({"pod", "custom"})
  public String kind;

  /** How many more items the object's lists have than a usual one. */
  @Param({"0", "10", "100", "1000", "10000"})
  public int items;

  private Shape shape;
  private TypeDefinition type;
  private ObjectNode live;
  private ObjectNode changed;
  private Apply same;
  private Apply other;
  private byte[] patch;

  /** Makes the object by three managers. */
  @Setup
  public void prepare() {
    String name = ResourceCatalogue.builtIn().find("", "v1", "pods").orElseThrow().typeName();
    type = TypeCatalogue.builtIn().get(name);
    shape =
        kind.equals("pod")
            ? Shape.of(new Struct(name, TypeCatalogue.builtIn()))
            : Shape.of(BenchObjects.version().schema());
    live = BenchObjects.of(kind, items);
    Ownership.ofNew(shape, live, updating("maker"), TIME);
    ObjectNode config = half(live);
    Apply.Result applied = applying(config).to(live);
    live = applied.object();
    Ownership.set(live, applied.managed());
    ObjectNode touched = live.deepCopy();
    BenchObjects.list(touched).add(BenchObjects.item(kind, "CONTROLLED", 1));
    Ownership.ofChanged(shape, live, touched, updating("controller"), true, TIME);
    live = touched;
    changed = changed(live);
    same = applying(config);
    other = applying(changed(config));
    patch = Json.bytes(change(live));
  }

  /** Finds what an update took from whom; that it copies the object costs as well. */
  @Benchmark
  public ObjectNode update() {
    ObjectNode after = changed.deepCopy();
    Ownership.ofChanged(shape, live, after, updating("controller"), true, TIME);
    return after;
  }

  /** Applies what was applied before. */
  @Benchmark
  public Apply.Result applyTheSame() {
    return same.to(live);
  }

  /** Applies other values. */
  @Benchmark
  public Apply.Result applyAChange() {
    return other.to(live);
  }

  /** A patch of the same change, read and applied: strategic where the kind has it. */
  @Benchmark
  public ObjectNode patch() {
    PatchType how = kind.equals("pod") ? PatchType.STRATEGIC_MERGE : PatchType.MERGE;
    return Patch.parse(how, patch).applyTo(live, type);
  }

  private static Manager updating(String name) {
    return Manager.updating(name, "", "v1", "");
  }

  private Apply applying(ObjectNode config) {
    return new Apply(shape, config, Manager.applying("applier", "v1", ""), true, TIME);
  }

  /** The object with the second half of its list, without who owns it. */
  private static ObjectNode half(ObjectNode object) {
    ObjectNode config = object.deepCopy();
    config.withObject("/metadata").remove("managedFields");
    ArrayNode list = BenchObjects.list(config);
    for (int i = list.size() / 2; i > 0; i--) {
      list.remove(0);
    }
    return config;
  }

  private static ObjectNode changed(ObjectNode object) {
    ObjectNode result = object.deepCopy();
    ArrayNode list = BenchObjects.list(result);
    for (int i = 0; i < list.size(); i += 10) {
      BenchObjects.change((ObjectNode) list.get(i));
    }
    return result;
  }

  /** Only what changes of it, in its place. */
  private static ObjectNode change(ObjectNode object) {
    ObjectNode result = object.deepCopy();
    result.remove("metadata");
    ArrayNode list = BenchObjects.list(result);
    ArrayNode items = list.deepCopy();
    list.removeAll();
    for (int i = 0; i < items.size(); i += 10) {
      BenchObjects.change((ObjectNode) items.get(i));
      list.add(items.get(i));
    }
    return result;
  }
}
