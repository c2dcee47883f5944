package dev.shiplog.api.schema.custom;

import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.shiplog.api.schema.custom.CelFunction.Kind;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Semantic versions in expressions: {@code semver(self.version).isLessThan(semver('2.0.0'))}. */
final class CelVersions {

  private static final OpaqueType TYPE = OpaqueType.create("kubernetes.Semver");
  private static final Kind<Version> VERSION = new Kind<>(TYPE, Version.class, "semver");
  private static final Pattern FORM =
      Pattern.compile(
          "(0|[1-9][0-9]{0,17})\\.(0|[1-9][0-9]{0,17})\\.(0|[1-9][0-9]{0,17})"
              + "(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?"
              + "(?:\\+([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?");
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");

  private CelVersions() {}

  /**
   * A version.
   *
   * @param before what comes before the release itself, such as {@code rc.1}; empty for none
   */
  record Version(long major, long minor, long patch, String before) implements Comparable<Version> {

    static Version parse(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        throw new IllegalArgumentException("\"" + text + "\" is no semantic version");
      }
      return new Version(
          Long.parseLong(form.group(1)),
          Long.parseLong(form.group(2)),
          Long.parseLong(form.group(3)),
          form.group(4) == null ? "" : form.group(4));
    }

    @Override
    public int compareTo(Version other) {
      int core = Long.compare(major, other.major);
      core = core == 0 ? Long.compare(minor, other.minor) : core;
      core = core == 0 ? Long.compare(patch, other.patch) : core;
      if (core != 0 || before.equals(other.before)) {
        return core;
      }
      if (before.isEmpty() || other.before.isEmpty()) {
        return before.isEmpty() ? 1 : -1;
      }
      return compareParts(before.split("\\."), other.before.split("\\."));
    }

    private static int compareParts(String[] mine, String[] theirs) {
      for (int i = 0; i < Math.min(mine.length, theirs.length); i++) {
        boolean number = NUMBER.matcher(mine[i]).matches();
        boolean otherNumber = NUMBER.matcher(theirs[i]).matches();
        int order =
            number && otherNumber
                ? Long.compare(Long.parseLong(mine[i]), Long.parseLong(theirs[i]))
                : number == otherNumber ? mine[i].compareTo(theirs[i]) : number ? -1 : 1;
        if (order != 0) {
          return order;
        }
      }
      return Integer.compare(mine.length, theirs.length);
    }
  }

  static List<CelFunction> functions() {
    return List.of(
        CelFunction.global(
            "semver", TYPE, Kind.TEXT, text -> CelFunction.read(Version::parse, text)),
        CelFunction.global(
            "isSemver",
            SimpleType.BOOL,
            Kind.TEXT,
            text -> CelFunction.isReadable(Version::parse, text)),
        CelFunction.member("major", SimpleType.INT, VERSION, Version::major),
        CelFunction.member("minor", SimpleType.INT, VERSION, Version::minor),
        CelFunction.member("patch", SimpleType.INT, VERSION, Version::patch),
        CelFunction.member(
            "isLessThan", SimpleType.BOOL, VERSION, VERSION, (a, b) -> a.compareTo(b) < 0),
        CelFunction.member(
            "isGreaterThan", SimpleType.BOOL, VERSION, VERSION, (a, b) -> a.compareTo(b) > 0),
        CelFunction.member(
            "compareTo",
            SimpleType.INT,
            VERSION,
            VERSION,
            (a, b) -> (long) Integer.signum(a.compareTo(b))));
  }
}
