<?php
$app_strings['LBL_ASSAY_PANEL'] = 'Assay';
$app_strings['LBL_ASSAY_PANEL_DESCRIPTION'] = 'Churn risk, reasons and offers of the customer';
$app_strings['LBL_ASSAY_STALE_AFTER_DAYS'] = 'Days after which a score is out of date';
