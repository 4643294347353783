// Everything.
#pragma once

#include <monograph/algorithms.h>
#include <monograph/error.h>
#include <monograph/graph.h>
#include <monograph/io.h>
#include <monograph/order.h>
#include <monograph/plan.h>
#include <monograph/program.h>
#include <monograph/session.h>
#include <monograph/types.h>
#include <monograph/version.h>
