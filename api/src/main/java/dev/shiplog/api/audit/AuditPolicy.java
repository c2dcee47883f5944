package dev.shiplog.api.audit;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.audit.PolicyFile.Resources;
import dev.shiplog.api.audit.PolicyFile.Rule;
import dev.shiplog.topics.journal.UserInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Says how much is written about a request: as the first of its rules that matches does; nothing if
 * none does. Immutable; any thread.
 */
public final class AuditPolicy {

  private static final Set<String> STAGES =
      Set.of("RequestReceived", "ResponseStarted", "ResponseComplete", "Panic");
  private static final Verdict SILENCE = new Verdict(AuditLevel.NONE, Set.of(), false);
  private static final String ANY = "*";

  private final List<Judged> rules = new ArrayList<>();

  /**
   * What is written about a request.
   *
   * @param omitStages at which stages nothing is written
   * @param omitManagedFields whether objects lose their managed fields
   */
  public record Verdict(AuditLevel level, Set<String> omitStages, boolean omitManagedFields) {

    /** Whether anything is written at a stage. */
    public boolean isAbout(String stage) {
      return level != AuditLevel.NONE && !omitStages.contains(stage);
    }
  }

  private record Judged(Rule rule, Verdict verdict) {}

  private AuditPolicy(PolicyFile file) {
    for (Rule rule : file.rules()) {
      boolean ofResources = !rule.resources().isEmpty() || !rule.namespaces().isEmpty();
      if (ofResources && !rule.nonResourceURLs().isEmpty()) {
        throw new IllegalArgumentException(
            "a rule is about resources or about nonResourceURLs, not both");
      }
      Set<String> omitted = new HashSet<>(file.omitStages());
      omitted.addAll(rule.omitStages());
      if (!STAGES.containsAll(omitted)) {
        throw new IllegalArgumentException("omitStages may hold " + STAGES + " alone");
      }
      boolean managed =
          rule.omitManagedFields() == null ? file.omitManagedFields() : rule.omitManagedFields();
      rules.add(
          new Judged(
              rule, new Verdict(AuditLevel.parse(rule.level()), Set.copyOf(omitted), managed)));
    }
  }

  /** What is written where nobody said otherwise: see {@code default-policy.yaml}. */
  public static AuditPolicy standard() {
    try (InputStream in = AuditPolicy.class.getResourceAsStream("default-policy.yaml")) {
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read, or is no policy
   */
  public static AuditPolicy read(Path file) throws IOException {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  static AuditPolicy parse(String text) throws IOException {
    try {
      return new AuditPolicy(PolicyFile.parse(text));
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** What is written about a request. */
  public Verdict of(UserInfo user, Attributes asked) {
    for (Judged judged : rules) {
      if (matches(judged.rule(), user, asked)) {
        return judged.verdict();
      }
    }
    return SILENCE;
  }

  private static boolean matches(Rule rule, UserInfo user, Attributes asked) {
    return isIn(rule.users(), user.username())
        && (rule.userGroups().isEmpty()
            || user.groups().stream().anyMatch(rule.userGroups()::contains))
        && isIn(rule.verbs(), asked.verb())
        && (asked.isResource() ? matchesResource(rule, asked) : matchesPath(rule, asked));
  }

  private static boolean isIn(List<String> list, String value) {
    return list.isEmpty() || list.contains(value);
  }

  private static boolean matchesResource(Rule rule, Attributes asked) {
    return rule.nonResourceURLs().isEmpty()
        && isIn(rule.namespaces(), asked.namespace())
        && (rule.resources().isEmpty()
            || rule.resources().stream().anyMatch(each -> matches(each, asked)));
  }

  private static boolean matches(Resources resources, Attributes asked) {
    return resources.group().equals(asked.group())
        && isIn(resources.resourceNames(), asked.name())
        && (resources.resources().isEmpty()
            || resources.resources().stream().anyMatch(name -> matches(name, asked)));
  }

  /** {@code pods} is about pods themselves, {@code pods/*} about all below, {@code *} about all. */
  private static boolean matches(String written, Attributes asked) {
    if (written.equals(ANY) || written.equals(asked.resourceAndSubresource())) {
      return true;
    }
    int slash = written.indexOf('/');
    if (slash < 0 || asked.subresource().isEmpty()) {
      return false;
    }
    String resource = written.substring(0, slash);
    String subresource = written.substring(slash + 1);
    return (resource.equals(ANY) || resource.equals(asked.resource()))
        && (subresource.equals(ANY) || subresource.equals(asked.subresource()));
  }

  private static boolean matchesPath(Rule rule, Attributes asked) {
    if (!rule.resources().isEmpty() || !rule.namespaces().isEmpty()) {
      return false;
    }
    return rule.nonResourceURLs().isEmpty()
        || rule.nonResourceURLs().stream().anyMatch(url -> covers(url, asked.path()));
  }

  private static boolean covers(String url, String path) {
    return url.endsWith(ANY)
        ? path.startsWith(url.substring(0, url.length() - 1))
        : url.equals(path);
  }
}
