package dev.shiplog.api.admission;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What plug-ins leave behind while one request passes them: warnings for the client, annotations
 * for the audit log, and which of those from outside changed the object. Any thread, one after the
 * other; validating webhooks answer side by side, so the methods are synchronized.
 */
public final class AdmissionCourse {

  /** More than the client would read. */
  private static final int MOST_WARNINGS = 128;

  private static final int LONGEST_WARNING = 4096;

  private final Set<String> warnings = new LinkedHashSet<>();
  private final Map<String, String> annotations = new LinkedHashMap<>();
  private final Set<String> passed = new LinkedHashSet<>();
  private boolean second;
  private boolean changed;

  /** Tells the client something, without refusing. */
  public synchronized void warn(String text) {
    if (warnings.size() < MOST_WARNINGS) {
      warnings.add(text.length() <= LONGEST_WARNING ? text : text.substring(0, LONGEST_WARNING));
    }
  }

  public synchronized List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** Tells the audit log something; the first value of a key stays. */
  public synchronized void annotate(String key, String value) {
    annotations.putIfAbsent(key, value);
  }

  public synchronized Map<String, String> annotations() {
    return Map.copyOf(annotations);
  }

  /** What was said before, and what was said on the way. */
  public List<String> warningsAfter(List<String> before) {
    List<String> own = warnings();
    if (own.isEmpty()) {
      return before;
    }
    List<String> all = new ArrayList<>(before);
    all.addAll(own);
    return all;
  }

  /** Whether the mutating plug-ins are asked a second time. */
  public synchronized boolean isSecond() {
    return second;
  }

  /**
   * Notes that a webhook or a policy has seen the object.
   *
   * @param changedIt whether the object is not what it was: then all that were asked before may be
   *     asked again
   */
  public synchronized void passed(String who, boolean changedIt) {
    if (changedIt) {
      changed = true;
      passed.clear();
    }
    passed.add(who);
  }

  /** Whether it has seen the object as it is now, as far as those from outside changed it. */
  public synchronized boolean hasSeen(String who) {
    return passed.contains(who);
  }

  synchronized boolean beginsAgain() {
    boolean again = changed && !second;
    second = true;
    return again;
  }
}
