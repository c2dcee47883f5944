package dev.shiplog.bench.parts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.custom.CustomVersion;
import dev.shiplog.api.schema.decoding.CanonicalForm;
import dev.shiplog.api.schema.decoding.FieldValidation;
import dev.shiplog.api.schema.decoding.ObjectDecoder;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.api.schema.decoding.Target;
import dev.shiplog.api.schema.defaulting.Defaults;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.validation.Validation;
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
 * What is done with an object that is sent, each step for itself and all of them: parsing,
 * defaults, validation, encoding. {@code items} makes objects large (10,000 of a pod's are about a
 * megabyte), so that a step that is quadratic in an object's size stands out.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ObjectParts {

  /** Whose steps are measured. */
  @Param({"pod", "deployment", "custom"})
  public String kind;

  /** How many more items the object's lists have than a usual one. */
  @Param({"0", "10", "100", "1000", "10000"})
  public int items;

  private Subject subject;
  private byte[] json;
  private ObjectNode parsed;
  private ObjectNode complete;

  /** Reads the object once, so that each step has what the one before gives. */
  @Setup
  public void prepare() {
    subject = kind.equals("custom") ? new Custom() : new BuiltIn(kind.equals("pod"));
    json = Json.bytes(BenchObjects.of(kind, items));
    parsed = subject.parse(json);
    complete = parsed.deepCopy();
    subject.fillIn(complete);
    if (subject.problems(complete) != 0) {
      throw new IllegalStateException("the object is not valid");
    }
  }

  /** From bytes to a tree in canonical form. */
  @Benchmark
  public ObjectNode parse() {
    return subject.parse(json);
  }

  /** Fills in defaults; on a tree that has them they cost as much. */
  @Benchmark
  public ObjectNode fillIn() {
    subject.fillIn(complete);
    return complete;
  }

  /** Checks everything that can be wrong with it. */
  @Benchmark
  public int validate() {
    return subject.problems(complete);
  }

  /** From the tree to bytes. */
  @Benchmark
  public byte[] encode() {
    return Json.bytes(complete);
  }

  /** All of it, as a creation does. */
  @Benchmark
  public byte[] all() {
    ObjectNode object = subject.parse(json);
    subject.fillIn(object);
    if (subject.problems(object) != 0) {
      throw new IllegalStateException("the object is not valid");
    }
    return Json.bytes(object);
  }

  /** How objects of the kind are treated. */
  private sealed interface Subject {
    ObjectNode parse(byte[] json);

    void fillIn(ObjectNode object);

    int problems(ObjectNode object);
  }

  private static final class BuiltIn implements Subject {
    private final ObjectDecoder decoder = new ObjectDecoder();
    private final ResourceType type;

    BuiltIn(boolean pod) {
      this.type =
          ResourceCatalogue.builtIn()
              .find(pod ? "" : "apps", "v1", pod ? "pods" : "deployments")
              .orElseThrow();
    }

    @Override
    public ObjectNode parse(byte[] json) {
      return decoder.decode(json, Syntax.JSON, Target.of(type), FieldValidation.STRICT).object();
    }

    @Override
    public void fillIn(ObjectNode object) {
      Defaults.builtIn().apply(type, object);
      CanonicalForm.apply(TypeCatalogue.builtIn().get(type.typeName()), object);
    }

    @Override
    public int problems(ObjectNode object) {
      return Validation.builtIn().ofCreate(type, object).size();
    }
  }

  private static final class Custom implements Subject {
    private final CustomVersion version = BenchObjects.version();

    @Override
    public ObjectNode parse(byte[] json) {
      return Json.read(json, ObjectNode.class);
    }

    @Override
    public void fillIn(ObjectNode object) {
      version.fillIn(object);
      version.canonicalize(object);
    }

    @Override
    public int problems(ObjectNode object) {
      return version.validate(object, null).size();
    }
  }
}
