package dev.shiplog.api.changes;

import dev.shiplog.api.request.Continuation;
import java.util.Optional;

/**
 * A list of changes as it is asked for.
 *
 * @param since only later ones
 * @param until only those up to here
 * @param limit most on a page; 0 for as many as a page may have
 * @param continuation where the page before ended
 */
public record ChangeQuestion(
    ChangeFilter filter,
    Optional<Moment> since,
    Optional<Moment> until,
    boolean newestFirst,
    int limit,
    Optional<Continuation> continuation) {}
