/** LimitRanges: what pods and claims ask for where they say nothing, and the least and most. */
package dev.shiplog.api.admission.limits;
