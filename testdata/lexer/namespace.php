<?php
namespace A; namespace A\B; namespace {} namespace
C;