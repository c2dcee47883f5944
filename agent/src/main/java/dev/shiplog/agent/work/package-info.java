/** How work is given to threads: one thing after another, or side by side and to be waited for. */
package dev.shiplog.agent.work;
