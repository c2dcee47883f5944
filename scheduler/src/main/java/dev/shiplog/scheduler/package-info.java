/**
 * The scheduler: finds a node for each pending pod and binds it there.
 *
 * <p>Data flows one way: store topics → {@code app} → {@code model} → {@code cycle}, which asks the
 * {@code plugins} about the pods of the {@code queue} → commands.
 */
package dev.shiplog.scheduler;
