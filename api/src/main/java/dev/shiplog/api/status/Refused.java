package dev.shiplog.api.status;

import dev.shiplog.api.status.ApiFailure.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One of several things that were asked for together, and why it is refused.
 *
 * @param place which one, as a path such as {@code spec.operations[2]}
 */
public record Refused(String place, ApiFailure why) {

  /**
   * Refuses all if one is refused: a single refusal as it is, several as one that lists them.
   *
   * @throws ApiFailure then
   */
  public static void refuseIfAny(List<Refused> refusals) {
    if (refusals.size() == 1) {
      throw refusals.getFirst().why();
    }
    if (!refusals.isEmpty()) {
      throw together(refusals, null);
    }
  }

  /**
   * One refusal with a cause for each. Its reason is theirs if they have one in common, else
   * Invalid.
   *
   * @param subject may be null
   */
  public static ApiFailure together(List<Refused> refusals, Subject subject) {
    List<Reason> reasons = refusals.stream().map(one -> one.why().reason()).distinct().toList();
    Reason reason = reasons.size() == 1 ? reasons.getFirst() : Reason.INVALID;
    List<StatusCause> causes = new ArrayList<>();
    refusals.forEach(one -> causes.addAll(one.causes()));
    String message =
        refusals.stream()
            .map(one -> one.place() + ": " + one.why().getMessage())
            .collect(Collectors.joining("; ", "nothing was changed: ", ""));
    return new ApiFailure(reason, reason.code(), message, subject, causes, 0);
  }

  private List<StatusCause> causes() {
    if (why.causes().isEmpty()) {
      return List.of(new StatusCause(why.reason().text(), why.getMessage(), place));
    }
    return why.causes().stream()
        .map(cause ->
            new StatusCause(
                cause.type(),
                cause.message(),
                cause.field().isEmpty() ? place : place + "." + cause.field()))
        .toList();
  }
}
