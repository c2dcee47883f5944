package dev.shiplog.api.selector;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A label selector: all of its requirements must hold.
 *
 * @param requirements none: everything matches
 */
public record LabelSelector(List<LabelRequirement> requirements) {

  public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

  public LabelSelector {
    requirements = List.copyOf(requirements);
  }

  /**
   * Reads Kubernetes' text form, for example {@code app=web,tier in (a,b),!canary,size>3}.
   *
   * @param text null or empty for {@link #EVERYTHING}
   * @throws dev.shiplog.api.status.ApiFailure {@code BadRequest} that says where the text is wrong
   */
  public static LabelSelector parse(String text) {
    return text == null || text.isBlank()
        ? EVERYTHING
        : new LabelSelector(new LabelSelectorParser(text).parse());
  }

  public boolean matches(Map<String, String> labels) {
    for (int i = 0; i < requirements.size(); i++) {
      if (!requirements.get(i).matches(labels)) {
        return false;
      }
    }
    return true;
  }

  public boolean isEverything() {
    return requirements.isEmpty();
  }

  @Override
  public String toString() {
    return requirements.stream().map(LabelRequirement::toString).collect(Collectors.joining(","));
  }
}
