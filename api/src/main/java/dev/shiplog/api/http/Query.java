package dev.shiplog.api.http;

import dev.shiplog.api.ownership.Manager;
import dev.shiplog.api.request.Continuation;
import dev.shiplog.api.request.DeleteOptions;
import dev.shiplog.api.request.ListOptions;
import dev.shiplog.api.request.Selection;
import dev.shiplog.api.request.WatchOptions;
import dev.shiplog.api.request.WatchOptions.Start;
import dev.shiplog.api.request.WriteOptions;
import dev.shiplog.api.schema.decoding.FieldValidation;
import dev.shiplog.api.selector.FieldSelector;
import dev.shiplog.api.selector.LabelSelector;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.StatusCause;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.table.IncludeObject;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the options that a query string carries. */
final class Query {

  private static final String VERSION = "resourceVersion";
  private static final String MATCH = "resourceVersionMatch";
  private static final String INITIAL = "sendInitialEvents";

  /** Each requirement is looked at for each object. */
  private static final int LONGEST_SELECTOR = 32 * 1024;

  private final MultiMap parameters;

  Query(MultiMap parameters) {
    this.parameters = parameters;
  }

  /** A parameter's value; empty if absent. */
  String text(String name) {
    String value = parameters.get(name);
    return value == null ? "" : value;
  }

  /** A flag, as loose as Kubernetes reads one: whatever does not say no says yes. */
  boolean flag(String name) {
    String value = parameters.get(name);
    return value != null && !value.equals("0") && !value.equalsIgnoreCase("false");
  }

  OptionalLong number(String name) {
    String text = text(name);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw Failures.badRequest(
          "invalid value of %s: \"%s\" is no whole number".formatted(name, text));
    }
  }

  IncludeObject includeObject() {
    return IncludeObject.parse(text("includeObject"))
        .orElseThrow(() ->
            Failures.badRequest(
                "invalid value of includeObject: it must be None, Metadata or Object"));
  }

  /** A selector's text; empty if absent. */
  String selector(String name) {
    String text = text(name);
    if (text.length() > LONGEST_SELECTOR) {
      throw Failures.badRequest(
          "%s has %d characters, and at most %d are taken"
              .formatted(name, text.length(), LONGEST_SELECTOR));
    }
    return text;
  }

  Selection selection() {
    String labels = selector("labelSelector");
    String fields = selector("fieldSelector");
    return labels.isEmpty() && fields.isEmpty()
        ? Selection.EVERYTHING
        : new Selection(LabelSelector.parse(labels), FieldSelector.parse(fields));
  }

  /** Where a single object is read: as a list, at a revision of the past too. */
  ReadAt getAt() {
    return text(MATCH).isEmpty() ? readAt() : listAt(false);
  }

  private ReadAt readAt() {
    return switch (text(VERSION)) {
      case "" -> new ReadAt.Latest();
      case "0" -> new ReadAt.Any();
      default -> new ReadAt.NotOlderThan(revision());
    };
  }

  ListOptions list() {
    if (!text(INITIAL).isEmpty()) {
      throw invalid(
          "FieldValueForbidden", "Forbidden: sendInitialEvents is forbidden for list", INITIAL);
    }
    long limit = number("limit").orElse(0);
    if (limit < 0) {
      throw Failures.badRequest("limit must not be negative");
    }
    int most = (int) Math.min(limit, Integer.MAX_VALUE);
    String token = text("continue");
    if (token.isEmpty()) {
      return new ListOptions(listAt(limit > 0), most, Optional.empty());
    }
    if (!text(VERSION).isEmpty() && !text(VERSION).equals("0")) {
      throw Failures.badRequest("specifying resource version is not allowed when using continue");
    }
    requireNoMatch("resourceVersionMatch is forbidden when continue is provided", false);
    return new ListOptions(new ReadAt.Latest(), most, Optional.of(Continuation.parse(token)));
  }

  private ReadAt listAt(boolean limited) {
    String version = text(VERSION);
    return switch (text(MATCH)) {
      case "" -> limited && !version.isEmpty() && !version.equals("0") ? exactly() : readAt();
      case "NotOlderThan" -> {
        requireNoMatch(
            "resourceVersionMatch is forbidden unless resourceVersion is provided",
            !version.isEmpty());
        yield readAt();
      }
      case "Exact" -> {
        requireNoMatch(
            "resourceVersionMatch \"Exact\" is forbidden unless a resourceVersion other than 0 is provided",
            !version.isEmpty() && !version.equals("0"));
        yield exactly();
      }
      default ->
          throw invalid(
              "FieldValueNotSupported",
              "Unsupported value: \"%s\": supported values: \"Exact\", \"NotOlderThan\""
                  .formatted(text(MATCH)),
              MATCH);
    };
  }

  private ReadAt exactly() {
    return new ReadAt.Exactly(revision());
  }

  private void requireNoMatch(String message, boolean allowed) {
    if (!allowed && !text(MATCH).isEmpty()) {
      throw invalid("FieldValueForbidden", "Forbidden: " + message, MATCH);
    }
  }

  WatchOptions watch() {
    OptionalLong timeout = number("timeoutSeconds");
    return new WatchOptions(start(), flag("allowWatchBookmarks"), timeout);
  }

  private Start start() {
    String version = text(VERSION);
    String announced = text(INITIAL);
    if (announced.isEmpty()) {
      requireNoMatch(
          "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
          false);
      return switch (version) {
        case "" -> new Start.WithState(-1, false);
        case "0" -> new Start.WithState(0, false);
        default -> new Start.After(revision());
      };
    }
    if (!text(MATCH).equals("NotOlderThan")) {
      throw invalid(
          "FieldValueForbidden",
          "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
          MATCH);
    }
    if (flag(INITIAL)) {
      return new Start.WithState(version.isEmpty() ? -1 : revision(), flag("allowWatchBookmarks"));
    }
    return version.isEmpty() || version.equals("0")
        ? new Start.FromNow()
        : new Start.After(revision());
  }

  /**
   * What any write may say.
   *
   * @param kind of the options, as an error names it: those of a creation have another than a
   *     patch's
   */
  WriteOptions write(String kind) {
    return new WriteOptions(dryRun(kind), fieldValidation(kind), fieldManager(kind));
  }

  private String fieldManager(String kind) {
    String name = text("fieldManager");
    Manager.checkName(name, kind);
    return name;
  }

  /** Whether a patch is to take what others own; only one that is applied may say so. */
  boolean force(boolean applied) {
    if (!applied && !text("force").isEmpty()) {
      throw invalid(
          "PatchOptions",
          "FieldValueForbidden",
          "Forbidden: may not be specified for non-apply patch",
          "force");
    }
    return flag("force");
  }

  /** What an applied patch must say beside what every write may. */
  WriteOptions apply() {
    WriteOptions options = write("PatchOptions");
    if (options.fieldManager().isEmpty()) {
      throw invalid(
          "PatchOptions",
          "FieldValueRequired",
          "Required value: is required for apply patch",
          "fieldManager");
    }
    return options;
  }

  private FieldValidation fieldValidation(String kind) {
    return switch (text("fieldValidation")) {
      case "", "Warn" -> FieldValidation.WARN;
      case "Ignore" -> FieldValidation.IGNORE;
      case "Strict" -> FieldValidation.STRICT;
      default ->
          throw invalid(
              kind,
              "FieldValueNotSupported",
              "Unsupported value: \"%s\": supported values: \"Ignore\", \"Strict\", \"Warn\""
                  .formatted(text("fieldValidation")),
              "fieldValidation");
    };
  }

  private boolean dryRun(String kind) {
    List<String> stages = parameters.getAll("dryRun");
    for (String stage : stages) {
      if (!stage.equals("All")) {
        throw invalid(
            kind,
            "FieldValueNotSupported",
            "Unsupported value: [\"%s\"]: supported values: \"All\"".formatted(stage),
            "dryRun");
      }
    }
    return !stages.isEmpty();
  }

  /** What a delete says beside, or in place of, its body. */
  DeleteOptions delete(DeleteOptions body) {
    OptionalLong grace = number("gracePeriodSeconds");
    String policy = text("propagationPolicy");
    String orphan = text("orphanDependents");
    Optional<DeleteOptions.Propagation> propagation = body.propagation();
    if (!policy.isEmpty()) {
      propagation = Optional.of(DeleteOptions.propagation(policy));
    } else if (!orphan.isEmpty()) {
      propagation =
          Optional.of(
              flag("orphanDependents")
                  ? DeleteOptions.Propagation.ORPHAN
                  : DeleteOptions.Propagation.BACKGROUND);
    }
    return new DeleteOptions(
        grace.isPresent() ? grace : body.gracePeriodSeconds(),
        body.uid(),
        body.resourceVersion(),
        propagation,
        body.dryRun() || dryRun("DeleteOptions"));
  }

  private long revision() {
    OptionalLong revision = OptionalLong.empty();
    try {
      revision = OptionalLong.of(Long.parseLong(text(VERSION)));
    } catch (NumberFormatException notANumber) {
      // said below
    }
    if (revision.isEmpty() || revision.getAsLong() < 0) {
      throw invalid(
          "FieldValueInvalid",
          "Invalid value: \"%s\": it must be a revision, as an object or list shows it"
              .formatted(text(VERSION)),
          VERSION);
    }
    return revision.getAsLong();
  }

  private static ApiFailure invalid(String type, String message, String field) {
    return invalid("ListOptions", type, message, field);
  }

  private static ApiFailure invalid(String kind, String type, String message, String field) {
    return Failures.invalid(
        "meta.k8s.io", kind, "", List.of(new StatusCause(type, message, field)));
  }
}
