/**
 * What the API does with a request, one class per verb, whoever brings it: HTTP or a command. A
 * verb reads and commits through {@link dev.shiplog.api.store.Store} and knows neither HTTP nor the
 * log.
 *
 * <ol>
 *   <li>Verbs are stateless and may be used from any thread; nothing blocks.
 *   <li>What a verb does after waiting, it does on its caller's executor, never on the journal's
 *       thread.
 *   <li>A request is refused only by the latest state: what a verb finds in a snapshot that may lag
 *       is looked at again before it becomes a refusal.
 *   <li>Failures are {@link dev.shiplog.api.status.ApiFailure}; anything else is a bug.
 * </ol>
 */
package dev.shiplog.api.verbs;
