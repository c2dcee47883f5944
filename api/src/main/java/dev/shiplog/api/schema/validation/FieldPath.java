package dev.shiplog.api.schema.validation;

/** Where a field is: {@code spec.containers[0].env[1].name}. Immutable. */
public final class FieldPath {

  /** The object itself. */
  public static final FieldPath ROOT = new FieldPath(null, "");

  private final FieldPath parent;
  private final String step;

  private FieldPath(FieldPath parent, String step) {
    this.parent = parent;
    this.step = step;
  }

  public static FieldPath of(String... names) {
    return ROOT.child(names);
  }

  public FieldPath child(String... names) {
    FieldPath path = this;
    for (String name : names) {
      path = new FieldPath(path, path == ROOT ? name : "." + name);
    }
    return path;
  }

  public FieldPath index(int index) {
    return new FieldPath(this, "[" + index + "]");
  }

  public FieldPath key(String key) {
    return new FieldPath(this, "[" + key + "]");
  }

  @Override
  public String toString() {
    return parent == null ? step : parent + step;
  }
}
