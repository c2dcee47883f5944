package dev.shiplog.api.request;

import java.util.OptionalLong;

/**
 * From where a watch starts, and what it carries besides changes.
 *
 * @param start with which events it begins
 * @param bookmarks whether it tells now and then how far it has come
 * @param timeoutSeconds when it ends by itself, if the client says so
 */
public record WatchOptions(Start start, boolean bookmarks, OptionalLong timeoutSeconds) {

  /** Where a watch begins. */
  public sealed interface Start {

    /** With the changes after a revision. */
    record After(long revision) implements Start {}

    /**
     * With the state, as ADDED events, then its changes.
     *
     * @param atLeast the state's revision; 0 for any, negative for the latest
     * @param announced whether a bookmark says where the state ends ({@code sendInitialEvents})
     */
    record WithState(long atLeast, boolean announced) implements Start {}

    /** With the changes after the latest state. */
    record FromNow() implements Start {}
  }
}
