<?php
namespace\a(); new namespace\B; namespace\C;
