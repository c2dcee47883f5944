/**
 * What every application that reacts to cluster state is built from. Data flows one way: store
 * topics → {@link dev.shiplog.streams.kit.Views} → an {@link dev.shiplog.streams.kit.Application} →
 * commands; outcomes of the commands come back on a topic of their own.
 *
 * <p>Two ways to use it:
 *
 * <ul>
 *   <li>a {@link dev.shiplog.streams.kit.Controller} is a pure function of (key, views, now); the
 *       kit adds queue, back-off, timers and rest;
 *   <li>an {@link dev.shiplog.streams.kit.Application} gets every change and keeps a model of its
 *       own; the scheduler is one.
 * </ul>
 *
 * <p>Thread rule for everything in here that does not say otherwise: one thread owns it (the stream
 * thread of its task), nothing is synchronized, and no call blocks.
 */
package dev.shiplog.streams.kit;
